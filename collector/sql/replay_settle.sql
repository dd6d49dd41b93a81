-- Grain: one record of replay {replay} and what became of it: a fact, or refused again (its request id is in quarantine).
-- Safe to repeat. Caller: collector.replay.Replayer, after its records were sent.
INSERT INTO quarantine_changes (record_id, quarantined_at, status, reason, detail, correction, replay_id, changed_at, changed_by)
WITH
-- include: collector/replay_claims
    ,
    refusals AS
    (
        SELECT q.request_id AS request_id, any(q.reason)::String AS reason, any(q.detail) AS detail
        FROM quarantine AS q
        WHERE q.request_id IN (SELECT replay_request FROM claims) AND q.signal != 'events'
        GROUP BY request_id
    )
SELECT
    record_id, quarantined_at, if(reason = '', 'replayed', 'refused'), reason, detail, correction, {replay:String},
    {now:DateTime64(6, 'UTC')}, changed_by
FROM claims
LEFT JOIN refusals ON replay_request = request_id
