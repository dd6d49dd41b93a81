-- Grain: one integration in one minute: when it was last heard. What "silent" is judged by, without reading facts. An event is
-- heard when its sender observed it (OTLP ObservedTimestamp), else when it came; a span when it started, for it says no
-- more. What is told of days that have not come is no sign of life, and would overflow the minute's DateTime.

CREATE TABLE IF NOT EXISTS heard
(
    integration LowCardinality(String),
    minute      DateTime('UTC'),
    newest      SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (integration, minute)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS heard_events_mv TO heard AS
SELECT integration, toStartOfMinute(told_at) AS minute, max(told_at) AS newest
FROM decoded_events GROUP BY integration, minute;

CREATE MATERIALIZED VIEW IF NOT EXISTS heard_spans_mv TO heard AS
SELECT integration, toStartOfMinute(started_at) AS minute, max(started_at)::DateTime64(6, 'UTC') AS newest
FROM spans WHERE started_at <= now64(9) + INTERVAL 1 DAY GROUP BY integration, minute;
