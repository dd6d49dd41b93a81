-- Grain: one span of the trace that had begun by {as_of}, each once: its first {limit} and, of those that failed, as many
-- again; in order of their start. The weeks to read come from `trace_index`. Caller: collector.traces.
WITH
    (SELECT (min(started_at), max(ended_at)) FROM trace_index WHERE trace_id = unhex({trace_id:String})) AS lasted,
    chosen AS
    (
        SELECT span_id
        FROM
        (
            SELECT span_id,
                row_number() OVER (ORDER BY began, span_id) AS place,
                row_number() OVER (PARTITION BY failed ORDER BY began, span_id) AS place_of_kind, failed
            FROM
            (
                SELECT span_id, min(spans.started_at) AS began, max(status_code = 2) AS failed
                FROM spans
                WHERE trace_id = unhex({trace_id:String}) AND started_at BETWEEN lasted.1 AND lasted.2
                  AND spans.started_at <= {as_of:DateTime64(6, 'UTC')}
                GROUP BY span_id
            )
        )
        WHERE place <= {limit:UInt32} OR (failed AND place_of_kind <= {limit:UInt32})
    )
SELECT lower(hex(span_id)) AS span_id, lower(hex(parent_span_id)) AS parent_id, integration, service, name, kind,
    spans.started_at AS started_at, toUnixTimestamp64Nano(spans.started_at) AS started_ns, duration_ns, status_code,
    status_message, objects, attributes_string, attributes_int, attributes_float, attributes_bool, resource,
    `events.at` AS event_times, `events.name` AS event_names
FROM spans
WHERE trace_id = unhex({trace_id:String}) AND started_at BETWEEN lasted.1 AND lasted.2
  AND spans.started_at <= {as_of:DateTime64(6, 'UTC')} AND spans.span_id IN (SELECT span_id FROM chosen)
ORDER BY spans.started_at, spans.span_id, integration, service, name, received_at
LIMIT 1 BY spans.span_id
