-- Grain: one event with this id: ids are unique within an integration, so each integration may have one.
-- Caller: collector.lookup.
SELECT event_id, integration, type, occurred_at, received_at, subject_type, subject_id, reason, lower(hex(trace_id)) AS trace,
    attributes_string, lower(hex(span_id)) AS span, objects, actor, amount, currency, facility, supplier, department,
    spend_category, criticality, flow_type, attributes_int, attributes_float, attributes_bool
FROM current_events
WHERE event_id = {event_id:String}
ORDER BY integration, received_at, content_hash
LIMIT 1 BY integration
