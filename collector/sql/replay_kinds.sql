-- Grain: one row: how many events and spans replay {replay} has in hand. Caller: collector.replay.Replayer.
WITH
-- include: collector/replay_claims
SELECT uniqExactIf(q.record_id, q.signal IN ('logs', 'cloudevents')) AS events, uniqExactIf(q.record_id, q.signal = 'traces') AS spans
FROM quarantine AS q
WHERE q.record_id IN (SELECT record_id FROM claims)
