-- Grain: one span of the trace, in order of its start; the weeks to read come from `trace_index`. Caller: collector.lookup.
WITH
    (SELECT (min(started_at), max(ended_at)) FROM trace_index WHERE trace_id = unhex({trace_id:String})) AS lasted
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, integration, service, name, started_at, duration_ns,
    status_code, status_message, attributes_string
FROM spans
WHERE trace_id = unhex({trace_id:String}) AND started_at BETWEEN lasted.1 AND lasted.2
ORDER BY spans.started_at, spans.span_id
LIMIT 1 BY span_id
LIMIT {limit:UInt32}
