-- What one run works on, as in 0006: handoffs are derived in stages, each of which reads plain tables (docs/adr/0021).

-- Grain: one object of this run and slice: the least of its journeys and how many it has, with its context: what its own
-- events say, and what they leave out as that journey has it; the calendar and the zone of its facility.
CREATE TABLE IF NOT EXISTS run_places
(
    revision       UInt64,
    object_type    LowCardinality(String),
    object_id      String,
    root_type      LowCardinality(String),
    root_id        String,
    journeys       UInt32,
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    calendar       LowCardinality(String),
    time_zone      LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);

-- Grain: one cycle of a handoff of an object of this run and slice, whether its flow type expects it or not. `ended_as`: 0 not
-- yet, 1 stopped, 2 cancelled. `pauses` are its own, `stopped` those of its clock: also of the cycles that it continues; as
-- (since, until) in UTC microseconds.
CREATE TABLE IF NOT EXISTS run_cycles
(
    revision        UInt64,
    handoff         LowCardinality(String),
    object_type     LowCardinality(String),
    object_id       String,
    cycle           UInt32,
    opened_at       DateTime64(6, 'UTC'),
    opened_by       String,
    ended_at        DateTime64(6, 'UTC'),
    ended_as        UInt8,
    ended_by        String,
    first_opened_at DateTime64(6, 'UTC'),
    pauses          Array(Tuple(since_us Int64, until_us Int64)),
    stopped         Array(Tuple(since_us Int64, until_us Int64))
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);
