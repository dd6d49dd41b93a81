-- Grain: one integration with the objects of the models' types that it was the first to name in the window, and those of
-- them that are only ever named: no event has them as subject, no description states them. Filters choose who names them: of what
-- was told anywhere it is not said that nobody told of it. Caller: correlator.findings.Findings.
SELECT
    named_by.2 AS integration, countIf(own = 0) AS found, count() AS checked, map()::Map(String, Float64) AS figures,
    groupArraySortedIf(5)((named_by.1, named_by.3, named_by.4, object_type, object_id, ''), own = 0) AS examples
FROM
(
    SELECT object_type::String AS object_type, object_id,
        argMinIf((occurred_at, integration::String, event_id, event_type::String), (received_at, occurred_at, event_id), chosen) AS named_by,
        minIf(received_at, chosen) AS named_at, max(is_subject) AS own, countIf(chosen) AS named
    FROM
    (
        SELECT object_type, object_id, occurred_at, integration, event_id, event_type, received_at, is_subject,
            (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
            AS chosen
        FROM current_event_objects
        WHERE received_at <= {as_of:DateTime64(6, 'UTC')} AND object_type IN {types:Array(String)}
          AND event_type NOT IN ('object.same_as', 'link.withdrawn') -- they speak of names, not of objects
        UNION ALL
        SELECT s.object_type, if(i.object_id = '', s.object_id, i.object_id), s.described_at, s.integration, s.event_id, '',
            s.stored_at, true, false
        FROM named_object_states AS s
        LEFT JOIN identities AS i FINAL ON i.object_type = s.object_type AND i.alias_id = s.object_id
        WHERE stored_at <= {as_of:DateTime64(6, 'UTC')} AND s.object_type IN {types:Array(String)}
    )
    GROUP BY object_type, object_id
    HAVING named > 0 AND named_at > {since:DateTime64(6, 'UTC')}
)
GROUP BY integration
HAVING found > 0
SETTINGS max_bytes_before_external_group_by = 400000000
