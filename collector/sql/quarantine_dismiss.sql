-- Grain: one record that is left as it is: what is a fact by now stays out. Caller: collector.quarantine.QuarantineStore.dismiss.
INSERT INTO quarantine_changes (record_id, quarantined_at, status, replay_id, changed_at, changed_by, because)
WITH
-- include: collector/quarantine_held
SELECT record_id, received_at, 'dismissed', {change:String}, {now:DateTime64(6, 'UTC')}, {by:String}, {because:String}
FROM held
WHERE status NOT IN ('replayed', 'dismissed')
