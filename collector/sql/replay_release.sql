-- Grain: one record that another replay holds too: {replay} lets go of it. If two claim it in the same instant, both do.
-- Caller: collector.replay.Replayer, right after replay_claim.
INSERT INTO quarantine_changes (record_id, quarantined_at, status, reason, replay_id, changed_at, changed_by)
WITH
    mine AS (SELECT record_id, quarantined_at, changed_by FROM quarantine_changes WHERE replay_id = {replay:String} AND status = 'begun'),
    live AS
    (
        SELECT record_id
        FROM quarantine_changes
        WHERE replay_id NOT IN ('', {replay:String}) AND record_id IN (SELECT record_id FROM mine)
        GROUP BY record_id, replay_id
        HAVING countIf(status = 'begun') > 0 AND countIf(status != 'begun') = 0
    )
SELECT record_id, quarantined_at, 'released', 'being_replayed', {replay:String}, {now:DateTime64(6, 'UTC')}, changed_by
FROM mine
WHERE record_id IN (SELECT record_id FROM live)
