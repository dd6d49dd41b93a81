-- Grain: one integration with the objects that it was the first to tell of in the window, that belong to no anchor for
-- longer than {grace} seconds, of the types that come with or after it. Invoices of flow non_po need none. What one of the models
-- has in a journey of its anchor is not adrift in others that share the type. Caller: correlator.findings.Findings.
WITH
    provisional_roots AS
    (
        SELECT DISTINCT root_type::String AS root_type, root_id
        FROM journeys FINAL
        WHERE provisional AND flow_type != 'non_po'
          AND (model::String, root_type::String) IN {followers:Array(Tuple(String, String))}
          AND first_event_at < {as_of:DateTime64(6, 'UTC')} - toIntervalSecond({grace:UInt32})
          AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
          AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
          AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
          AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
    ),
    adrift AS
    (
        SELECT root_type, root_id FROM provisional_roots
        WHERE (root_type, root_id) NOT IN
        (
            SELECT object_type::String, object_id FROM object_journeys FINAL
            WHERE (model::String, root_type::String) IN {anchors:Array(Tuple(String, String))}
              AND (object_type, object_id) IN (SELECT root_type, root_id FROM provisional_roots)
        )
    )
SELECT
    told_by.2 AS integration, count() AS found, toUInt64(0) AS checked, map()::Map(String, Float64) AS figures,
    groupArraySorted(5)((told_by.1, told_by.3, told_by.4, object_type, object_id, '')) AS examples
FROM
(
    SELECT object_type::String AS object_type, object_id,
        argMin((occurred_at, integration::String, event_id, event_type::String), (received_at, occurred_at, event_id)) AS told_by,
        min(received_at) AS told_at
    FROM current_event_objects
    WHERE (object_type, object_id) IN (SELECT root_type, root_id FROM adrift) AND received_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY object_type, object_id
)
WHERE told_at > {since:DateTime64(6, 'UTC')}
GROUP BY integration
