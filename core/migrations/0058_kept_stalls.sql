-- The present board is asked for by many at once, and reasoning about all that is stalled takes seconds beside millions of
-- handoffs: what was found is kept for a while, under any filters (docs/adr/0024). One `reckoning` is one partition, written
-- once, never merged with another, and dropped whole.

-- Grain: one handoff instance that was stalled at {as_of} of one reckoning, with its cause and its `parts` of each of several
-- journeys (root type, root id, ten-thousandths), as `stalled_parts` has them with no filter.
CREATE TABLE IF NOT EXISTS kept_stalls
(
    reckoning String,
    kept_at DateTime DEFAULT now(),
    model LowCardinality(String),
    handoff LowCardinality(String),
    object_type LowCardinality(String),
    object_id String,
    cycle UInt32,
    journey_type LowCardinality(String),
    journey_id String,
    journeys UInt32,
    opened_at DateTime64(6, 'UTC'),
    opened_by String,
    due_at DateTime64(6, 'UTC'),
    overdue_seconds Int64,
    facility LowCardinality(String),
    supplier LowCardinality(String),
    department LowCardinality(String),
    spend_category LowCardinality(String),
    criticality LowCardinality(String),
    flow_type LowCardinality(String),
    amount Nullable(Decimal(18, 4)),
    currency LowCardinality(String),
    title LowCardinality(String),
    owner LowCardinality(String),
    awaits LowCardinality(String),
    key String,
    cause LowCardinality(String),
    cause_summary LowCardinality(String),
    signature LowCardinality(String),
    trace_id String,
    evidence Array(Tuple(String, String, Nullable(DateTime64(6, 'UTC')), String, String, String, String, String, String)),
    parts Array(Tuple(String, String, Int128))
)
ENGINE = MergeTree PARTITION BY reckoning
ORDER BY key
TTL kept_at + INTERVAL 20 MINUTE
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1;

-- Grain: how many handoffs were open under one combination of dimensions, of one reckoning.
CREATE TABLE IF NOT EXISTS kept_open_counts
(
    reckoning String,
    kept_at DateTime DEFAULT now(),
    facility LowCardinality(String),
    supplier LowCardinality(String),
    spend_category LowCardinality(String),
    department LowCardinality(String),
    criticality LowCardinality(String),
    handoff LowCardinality(String),
    open_handoffs UInt64
)
ENGINE = MergeTree PARTITION BY reckoning
ORDER BY (facility, handoff, supplier, spend_category, department, criticality)
TTL kept_at + INTERVAL 20 MINUTE
SETTINGS ttl_only_drop_parts = 1;
