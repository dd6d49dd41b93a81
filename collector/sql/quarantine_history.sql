-- Grain: one step of one record, oldest first; a replay that was finished twice tells its outcome once.
-- Caller: collector.quarantine.QuarantineStore.record.
SELECT changed_at, changed_by, status, reason, detail, correction, because, replay_id
FROM quarantine_changes
WHERE record_id = {id:String}
ORDER BY changed_at, replay_id, status != 'begun'
LIMIT 1 BY replay_id, status
