-- Grain: one integration in one minute: the newest time it told of. What "silent" is judged by, without reading facts.

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
SELECT integration, toStartOfMinute(occurred_at) AS minute, max(occurred_at) AS newest
FROM events GROUP BY integration, minute;

CREATE MATERIALIZED VIEW IF NOT EXISTS heard_spans_mv TO heard AS
SELECT integration, toStartOfMinute(started_at) AS minute, max(started_at)::DateTime64(6, 'UTC') AS newest
FROM spans GROUP BY integration, minute;
