-- Grain: one span of {traces} by {as_of}, each once, and of each trace at most {limit}: those that name an object of the
-- journey (under any of its ids; shown on the id that it named), then those that failed, then the earliest. {weeks} are the
-- parts to read. Caller: correlator.timeline.
WITH
-- include: correlator/journey_objects
SELECT integration, service, name, spans.started_at AS started_at, duration_ns, status_code, status_message,
    lower(hex(spans.trace_id)) AS trace, lower(hex(spans.span_id)) AS span, named.object AS object
FROM
(
    SELECT trace_id, span_id, integration, service, name, started_at, duration_ns, status_code, status_message
    FROM spans
    WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16))
      AND toMonday(started_at) IN {weeks:Array(Date)} AND started_at <= {as_of:DateTime64(6, 'UTC')}
    ORDER BY started_at, integration, service, name, received_at, duration_ns, status_code, status_message
    LIMIT 1 BY trace_id, span_id
) AS spans
LEFT JOIN
(
    SELECT trace_id, span_id, min((object_type::String, object_id)) AS object
    FROM named_span_objects
    WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM sent)
      AND started_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY trace_id, span_id
) AS named ON named.trace_id = spans.trace_id AND named.span_id = spans.span_id
ORDER BY spans.trace_id, named.object.1 = '', status_code != 2, spans.started_at, spans.span_id
LIMIT {limit:UInt64} BY spans.trace_id
