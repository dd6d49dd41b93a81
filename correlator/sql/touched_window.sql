-- Grain: one row: what was stored after {since}: how many touches, the newest of them, and the engine's own time.
-- Caller: correlator.tick.Correlator, to see whether there is work.
SELECT count() AS touches, max(stored_at) AS newest, now64(6, 'UTC') AS until
FROM touched_objects
WHERE stored_at > {since:DateTime64(6, 'UTC')}
