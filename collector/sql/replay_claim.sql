-- Grain: one record that replay {replay} takes in hand: chosen, not a fact yet, and of a form that can be sent again.
-- Caller: collector.replay.Replayer.
INSERT INTO quarantine_changes (record_id, quarantined_at, status, correction, replay_id, changed_at, changed_by)
WITH
-- include: collector/quarantine_held
SELECT record_id, received_at, 'begun', mapFromArrays({fields:Array(String)}, {texts:Array(String)}), {replay:String}, {now:DateTime64(6, 'UTC')}, {by:String}
FROM held
WHERE replayable AND status != 'replayed' AND
-- include: collector/quarantine_chosen
ORDER BY received_at, record_id
LIMIT {limit:UInt32}
