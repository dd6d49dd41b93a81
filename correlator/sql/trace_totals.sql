-- Grain: one trace of {traces}: how many spans it has by {as_of}, how many failed, whose they are, and how long it lasts.
-- {weeks} are the parts to read. Caller: correlator.timeline.
SELECT lower(hex(trace_id)) AS trace, min(spans.started_at) AS started_at,
    (max(toUnixTimestamp64Nano(spans.started_at) + duration_ns::Int64) - toUnixTimestamp64Nano(min(spans.started_at))) / 1e6 AS duration_ms,
    uniqExact(span_id) AS span_count, uniqExactIf(span_id, status_code = 2) AS errors,
    arraySort(groupUniqArray(service::String)) AS services
FROM spans
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16))
  AND toMonday(spans.started_at) IN {weeks:Array(Date)} AND spans.started_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY trace_id
ORDER BY min(spans.started_at), trace
