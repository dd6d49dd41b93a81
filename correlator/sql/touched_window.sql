-- Grain: one row: the inserts of facts that began after {since}, each with its visible touches and the queries that it was, and
-- the engine's own time. Caller: correlator.touches, to see whether there is work.
SELECT groupArray((began_at, touches, queries)) AS inserts, now64(6, 'UTC') AS until
FROM
(
    SELECT stored_at AS began_at, count() AS touches, groupUniqArray(query_id) AS queries
    FROM touched_objects
    WHERE stored_at > {since:DateTime64(6, 'UTC')}
    GROUP BY began_at
)
