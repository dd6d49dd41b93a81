-- Grain: one event of replay {replay}: redacted and judged again by the landing views. Caller: collector.replay.Replayer.
INSERT INTO sent_events (
    signal, request_id, received_at, sender, redaction_key, denied_keys, type, given_time, happened, observed, trace_id, span_id,
    service, named_integration, objects, attribute_keys, attribute_texts, attribute_ints, attribute_floats, attribute_bools,
    longest_array, nesting, envelope_problem)
WITH
-- include: collector/replay_redaction_key
    ,
-- include: collector/replay_sent_events
SELECT
    signal, request_id, received_at, sender, redaction_key,
    denied(arrayDistinct(attribute_keys), policy.overrides[sender]),
    type, given_time, happened, observed, trace_id, span_id, service, named_integration, objects, attribute_keys, attribute_texts,
    attribute_ints, attribute_floats, attribute_bools, longest_array, nesting, envelope_problem
FROM sent
