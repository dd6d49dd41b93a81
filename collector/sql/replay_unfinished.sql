-- Grain: one replay that was begun before {expired} and cut short: claims of it have no outcome.
-- Caller: collector.replay.Replayer.
SELECT replay_id
FROM quarantine_changes
WHERE replay_id != '' AND status IN ('begun', 'released', 'replayed', 'refused')
GROUP BY replay_id
HAVING uniqExactIf(record_id, status = 'begun') > uniqExactIf(record_id, status != 'begun')
   AND minIf(changed_at, status = 'begun') < {expired:DateTime64(6, 'UTC')}
ORDER BY replay_id
