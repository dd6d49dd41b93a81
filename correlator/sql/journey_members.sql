-- Grain: one object of one journey that was known by {as_of}, with its first and last event up to then (NULL: it is
-- only named by others), and its other ids. Caller: correlator.journeys.Journeys.journey.
SELECT member.object_type AS object_type, member.object_id AS object_id,
    nullIf(touched.first_at, toDateTime64(0, 6, 'UTC')) AS first_event_at,
    nullIf(touched.last_at, toDateTime64(0, 6, 'UTC')) AS last_event_at, other.ids AS other_ids
FROM
(
    SELECT object_type, object_id FROM journey_members FINAL
    WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
) AS member
LEFT JOIN
(
    SELECT object_type, object_id, min(occurred_at) AS first_ever_at, minIf(occurred_at, occurred_at <= {as_of:DateTime64(6, 'UTC')}) AS first_at,
        maxIf(occurred_at, occurred_at <= {as_of:DateTime64(6, 'UTC')}) AS last_at
    FROM current_event_objects
    WHERE (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    )
    GROUP BY object_type, object_id
) AS touched ON touched.object_type = member.object_type AND touched.object_id = member.object_id
LEFT JOIN
(
    SELECT object_type, object_id, arraySort(groupArray(alias_id)) AS ids
    FROM aliases FINAL
    WHERE (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    )
    GROUP BY object_type, object_id
) AS other ON other.object_type = member.object_type AND other.object_id = member.object_id
WHERE touched.object_id = '' OR touched.first_ever_at <= {as_of:DateTime64(6, 'UTC')}
ORDER BY object_type, object_id
