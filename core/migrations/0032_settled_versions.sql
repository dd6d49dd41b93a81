-- A version of an event that does not hold makes a model derive everything anew only where the model may have derived from it.

-- Grain: one model (until merges: one run): up to when a run of it that began reads facts, whether it ended or not.
CREATE TABLE IF NOT EXISTS runs_begun
(
    model LowCardinality(String),
    until SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY model;

INSERT INTO runs_begun SELECT model, max(watermark) FROM correlator_runs GROUP BY model;

-- Grain: one version of an event that does not hold and was noticed before any run of the model could derive from it.
CREATE TABLE IF NOT EXISTS settled_versions
(
    model        LowCardinality(String),
    integration  LowCardinality(String),
    event_id     String,
    content_hash UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (model, integration, event_id, content_hash);
