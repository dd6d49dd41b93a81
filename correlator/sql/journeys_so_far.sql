-- Grain: one journey of {roots}: how many of its objects were known by {as_of}, and its last event up to then (NULL: none), as
-- journey_members tells them of one. Caller: correlator.journeys.Journeys.page.
SELECT member.model AS model, member.root_type AS root_type, member.root_id AS root_id,
    countIf(touched.object_id = '' OR touched.first_ever_at <= {as_of:DateTime64(6, 'UTC')}) AS objects,
    nullIf(max(touched.last_at), toDateTime64(0, 6, 'UTC')) AS last_event_at
FROM
(
    SELECT model, root_type, root_id, object_type, object_id FROM journey_members FINAL
    WHERE (model, root_type, root_id) IN {roots:Array(Tuple(String, String, String))}
) AS member
LEFT JOIN
(
    SELECT object_type, object_id, min(occurred_at) AS first_ever_at, maxIf(occurred_at, occurred_at <= {as_of:DateTime64(6, 'UTC')}) AS last_at
    FROM current_event_objects
    WHERE (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE (model, root_type, root_id) IN {roots:Array(Tuple(String, String, String))}
    )
    GROUP BY object_type, object_id
) AS touched ON touched.object_type = member.object_type AND touched.object_id = member.object_id
GROUP BY model, root_type, root_id
