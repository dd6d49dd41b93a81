-- Grain: one span of replay {replay}: redacted and judged again by the landing views. Caller: collector.replay.Replayer.
INSERT INTO sent_spans (
    request_id, received_at, sender, redaction_key, denied_keys, trace_id, span_id, parent_span_id, name, kind, starts, ends,
    status_code, status_message, service, named_integration, objects, attribute_keys, attribute_texts, attribute_ints,
    attribute_floats, attribute_bools, resource_keys, resource_texts, event_times, event_names, event_keys, event_texts,
    linked_traces, linked_spans, longest_array, nesting)
WITH
-- include: collector/replay_redaction_key
    ,
-- include: collector/replay_sent_spans
SELECT
    request_id, received_at, sender, redaction_key,
    denied(
        arrayDistinct(arrayConcat(['status_message'], attribute_keys, resource_keys, arrayFlatten(event_keys))),
        policy.overrides[sender]),
    trace_id, span_id, parent_span_id, name, kind, starts, ends, status_code, status_message, service, named_integration, objects,
    attribute_keys, attribute_texts, attribute_ints, attribute_floats, attribute_bools, resource_keys, resource_texts, event_times,
    event_names, event_keys, event_texts, linked_traces, linked_spans, longest_array, nesting
FROM sent
