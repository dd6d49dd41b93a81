-- Grain: one row: how long the trace lasted, and how many spans it has; the weeks to read come from `trace_index`. No row
-- where there is no such trace by {as_of}. Caller: collector.traces.
WITH
    (SELECT (min(started_at), max(ended_at)) FROM trace_index WHERE trace_id = unhex({trace_id:String})) AS lasted
SELECT toUnixTimestamp64Nano(min(spans.started_at)) AS started_ns,
    max(toUnixTimestamp64Nano(spans.started_at) + duration_ns::Int64) AS ended_ns,
    uniqExact(span_id) AS total, uniqExactIf(span_id, status_code = 2) AS errors,
    arraySort(groupUniqArray(service::String)) AS services
FROM spans
WHERE trace_id = unhex({trace_id:String}) AND started_at BETWEEN lasted.1 AND lasted.2
  AND spans.started_at <= {as_of:DateTime64(6, 'UTC')}
HAVING total > 0
