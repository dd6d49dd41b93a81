-- The facts: events and spans as they arrived, append-only. Identity is in each sort key, so that a fact stored twice
-- (a retry whose first answer was lost) collapses; readers take one row per identity (LIMIT 1 BY) until merges do.

CREATE TABLE IF NOT EXISTS events
(
    event_id          String,
    integration       LowCardinality(String),
    type              LowCardinality(String),
    occurred_at       DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    received_at       DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    stored_at         DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    subject_type      LowCardinality(String),
    subject_id        String,
    objects           Array(Tuple(type LowCardinality(String), id String)),
    facility          LowCardinality(String),
    supplier          LowCardinality(String),
    department        LowCardinality(String),
    spend_category    LowCardinality(String),
    criticality       LowCardinality(String),
    flow_type         LowCardinality(String),
    amount            Nullable(Decimal(18, 4)),
    currency          LowCardinality(String),
    actor             String,
    reason            LowCardinality(String),
    trace_id          FixedString(16),
    span_id           FixedString(8),
    attributes_string Map(LowCardinality(String), String),
    attributes_int    Map(LowCardinality(String), Int64),
    attributes_float  Map(LowCardinality(String), Float64),
    attributes_bool   Map(LowCardinality(String), Bool),
    request_id        String,
    content_hash      UInt64,
    -- Of an event stored twice the row that came first is kept.
    precedence        UInt64 MATERIALIZED toUInt64(9223372036854775807 - toUnixTimestamp64Micro(received_at)),
    INDEX by_stored_at stored_at TYPE minmax GRANULARITY 1,
    INDEX by_event_id event_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (integration, type, occurred_at, event_id, content_hash)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS event_objects
(
    object_type    LowCardinality(String),
    object_id      String,
    event_type     LowCardinality(String),
    occurred_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    integration    LowCardinality(String),
    event_id       String,
    is_subject     Bool,
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    reason         LowCardinality(String),
    received_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    content_hash   UInt64,
    precedence     UInt64 MATERIALIZED toUInt64(9223372036854775807 - toUnixTimestamp64Micro(received_at))
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (object_type, object_id, occurred_at, event_type, integration, event_id, content_hash)
SETTINGS non_replicated_deduplication_window = 1000;

-- An object's own attributes and the links stated outright for it (event type `object.described`).
CREATE TABLE IF NOT EXISTS object_states
(
    object_type       LowCardinality(String),
    object_id         String,
    described_at      DateTime64(6, 'UTC'),
    integration       LowCardinality(String),
    event_id          String,
    stored_at         DateTime64(6, 'UTC'),
    linked            Array(Tuple(type LowCardinality(String), id String)),
    attributes_string Map(LowCardinality(String), String),
    attributes_int    Map(LowCardinality(String), Int64),
    attributes_float  Map(LowCardinality(String), Float64),
    attributes_bool   Map(LowCardinality(String), Bool),
    content_hash      UInt64
)
ENGINE = ReplacingMergeTree(content_hash)
ORDER BY (object_type, object_id, described_at, integration, event_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- Which objects new facts touched, and when the engine stored them: what an incremental tick follows.
CREATE TABLE IF NOT EXISTS touched_objects
(
    stored_at   DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    object_type LowCardinality(String),
    object_id   String
)
ENGINE = MergeTree
ORDER BY stored_at
TTL toDateTime(stored_at) + INTERVAL 14 DAY
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS spans
(
    trace_id          FixedString(16),
    span_id           FixedString(8),
    parent_span_id    FixedString(8),
    integration       LowCardinality(String),
    service           LowCardinality(String),
    name              LowCardinality(String),
    kind              Int8,
    started_at        DateTime64(9, 'UTC') CODEC(Delta, ZSTD),
    received_at       DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    duration_ns       UInt64 CODEC(T64, ZSTD),
    status_code       Int8,
    status_message    String,
    objects           Array(Tuple(type LowCardinality(String), id String)),
    attributes_string Map(LowCardinality(String), String),
    attributes_int    Map(LowCardinality(String), Int64),
    attributes_float  Map(LowCardinality(String), Float64),
    attributes_bool   Map(LowCardinality(String), Bool),
    resource          Map(LowCardinality(String), String),
    `events.at`       Array(DateTime64(9, 'UTC')),
    `events.name`     Array(LowCardinality(String)),
    request_id        String,
    INDEX by_trace_id trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (integration, service, name, started_at, trace_id, span_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS span_objects
(
    object_type    LowCardinality(String),
    object_id      String,
    started_at     DateTime64(9, 'UTC') CODEC(Delta, ZSTD),
    trace_id       FixedString(16),
    span_id        FixedString(8),
    integration    LowCardinality(String),
    service        LowCardinality(String),
    name           LowCardinality(String),
    duration_ns    UInt64,
    status_code    Int8,
    status_message String
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (object_type, object_id, started_at, trace_id, span_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS trace_index
(
    trace_id   FixedString(16),
    started_at SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    ended_at   SimpleAggregateFunction(max, DateTime64(9, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY trace_id
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS quarantine
(
    quarantined_at DateTime64(6, 'UTC'),
    integration    LowCardinality(String),
    signal         LowCardinality(String),
    reason         LowCardinality(String),
    detail         String,
    record         String,
    request_id     String,
    INDEX by_request_id request_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
ORDER BY quarantined_at
SETTINGS non_replicated_deduplication_window = 1000;
