-- Grain: one row: the inserts of facts that began after {since}, each with its visible touches, and the engine's own time.
-- Caller: correlator.tick.Correlator, to see whether there is work.
SELECT groupArray((began_at, touches)) AS inserts, now64(6, 'UTC') AS until
FROM
(
    SELECT stored_at AS began_at, count() AS touches
    FROM touched_objects
    WHERE stored_at > {since:DateTime64(6, 'UTC')}
    GROUP BY began_at
)
