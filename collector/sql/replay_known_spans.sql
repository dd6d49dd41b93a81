-- Grain: one span of replay {replay} that must not be stored: it has become a fact meanwhile, or the objects it is about were
-- dropped in redaction and nobody says what they were. Caller: collector.replay.Replayer.
INSERT INTO quarantine_changes (record_id, quarantined_at, status, reason, detail, correction, replay_id, changed_at, changed_by)
WITH
-- include: collector/replay_sent_spans
    ,
    present AS
    (
        -- As they stand: a cast to String would cut zeros off their ends.
        SELECT spans.trace_id AS of_trace, spans.span_id AS of_span, groupUniqArray(spans.request_id::String) AS requests
        FROM spans WHERE spans.trace_id IN (SELECT toFixedString(substring(trace_id, 1, 16), 16) FROM sent)
        GROUP BY of_trace, of_span
    )
SELECT
    record_id, received_at, 'refused', if(empty(requests), reason, 'already_stored'), if(empty(requests), '', lower(hex(sent.span_id))),
    correction, {replay:String}, {now:DateTime64(6, 'UTC')}, changed_by
FROM sent
LEFT JOIN present
    ON toFixedString(substring(sent.trace_id, 1, 16), 16) = of_trace AND toFixedString(substring(sent.span_id, 1, 8), 8) = of_span
WHERE (notEmpty(requests) AND NOT has(requests, request_id))
   OR (reason = 'private_identity' AND NOT mapContains(correction, 'objects'))
