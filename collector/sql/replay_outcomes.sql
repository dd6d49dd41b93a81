-- Grain: one record of replay {replay} with its outcome: replayed, refused or released. Caller: collector.replay.Replayer.
SELECT record_id, any(c.status)::String AS status, any(c.reason)::String AS reason, any(c.detail) AS detail
FROM quarantine_changes AS c
WHERE c.replay_id = {replay:String} AND c.status != 'begun'
GROUP BY record_id
ORDER BY any(c.quarantined_at), record_id
