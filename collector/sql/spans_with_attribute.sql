-- Grain: one span with the attribute {key} = {value}, started within the window, newest first. Caller: collector.lookup.
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, integration, service, name, started_at, duration_ns,
    status_code, status_message, attributes_string
FROM spans
WHERE attributes_string[{key:String}] = {value:String}
  AND started_at BETWEEN {since:DateTime64(6, 'UTC')} AND {until:DateTime64(6, 'UTC')}
ORDER BY spans.started_at DESC, spans.trace_id, spans.span_id
LIMIT 1 BY trace_id, span_id
LIMIT {limit:UInt32}
