-- Grain: one integration that has sent telemetry by {as_of}: when it last did, how much in the day before, how many
-- spans of that day failed. Facts stored twice until merges are counted once. Caller: web.telemetry.Telemetry.integrations.
SELECT integration, max(last_seen) AS last_seen, sum(events) AS events_day, sum(spans) AS spans_day, sum(errors) AS errors_day
FROM
(
    SELECT integration::String AS integration, max(occurred_at) AS last_seen,
        uniqExactIf(event_id, occurred_at > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY) AS events,
        toUInt64(0) AS spans, toUInt64(0) AS errors
    FROM events
    WHERE occurred_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY integration
    UNION ALL
    SELECT integration::String, max(started_at)::DateTime64(6, 'UTC'), toUInt64(0),
        uniqExactIf((trace_id, span_id), started_at > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY),
        uniqExactIf((trace_id, span_id), started_at > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY AND status_code = 2)
    FROM spans
    WHERE started_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY integration
)
GROUP BY integration
ORDER BY integration
