-- Grain: one event type that was ever received. Caller: stallwatch.soundness.
SELECT DISTINCT toString(type) AS type FROM events ORDER BY type
