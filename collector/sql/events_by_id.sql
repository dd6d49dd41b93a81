-- Grain: one event with this id: ids are unique within an integration, so each integration may have one.
-- It is told under its own names, and `sent_*` as it came. Caller: collector.lookup.
SELECT event_id, integration, named.type AS type, occurred_at, received_at, named.subject_type AS subject_type, subject_id,
    reason, lower(hex(trace_id)) AS trace, attributes_string, lower(hex(span_id)) AS span, named.objects AS objects, actor,
    amount, currency, named.facility AS facility, supplier, department, spend_category, criticality, flow_type,
    attributes_int, attributes_float, attributes_bool,
    told.type AS sent_type, told.objects AS sent_objects, told.facility AS sent_facility
FROM (SELECT * FROM current_events WHERE event_id = {event_id:String}) AS named
INNER JOIN
(
    SELECT integration, event_id, content_hash, type, objects, facility FROM events WHERE event_id = {event_id:String}
) AS told USING (integration, event_id, content_hash)
ORDER BY integration, received_at, content_hash
LIMIT 1 BY integration
