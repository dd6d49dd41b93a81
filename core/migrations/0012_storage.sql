-- Storage, as measured in docs/adr/0012. Nothing here rewrites a table: a new index holds for what is written from now on and
-- reaches older parts as they merge. `request_id` of spans is the one column that is converted, behind the scenes
-- (alter_sync = 0); until then it is read as it was. Other columns keep the default codec: LZ4 in fresh parts, ZSTD(3) once
-- merged to large ones.

ALTER TABLE spans MODIFY COLUMN IF EXISTS request_id LowCardinality(String) SETTINGS alter_sync = 0;

ALTER TABLE span_objects MODIFY COLUMN IF EXISTS duration_ns UInt64 CODEC(T64, ZSTD);

ALTER TABLE spans
    ADD INDEX IF NOT EXISTS by_attribute mapValues(attributes_string) TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE events
    ADD INDEX IF NOT EXISTS by_attribute mapValues(attributes_string) TYPE bloom_filter(0.01) GRANULARITY 1;

-- Retention counts from `received_at` everywhere, so that what comes late is kept as long as what came in time. Rows that
-- are older than this column count from their own time.
ALTER TABLE span_objects
    ADD COLUMN IF NOT EXISTS received_at DateTime64(6, 'UTC') DEFAULT started_at CODEC(Delta, ZSTD);

ALTER TABLE span_objects_mv MODIFY QUERY
SELECT
    object.type AS object_type, object.id AS object_id, started_at, trace_id, span_id, integration, service, name,
    duration_ns, status_code, status_message, received_at
FROM decoded_spans
ARRAY JOIN objects AS object
WHERE problem = '';

-- Trace to time range, by week like the spans themselves: an index that is never dropped in whole parts would be rewritten
-- for ever. A partition key cannot be altered, so the table is made anew and filled from the old one; aggregates may be
-- added twice, so that every step can be repeated after a failure between any two.
CREATE TABLE IF NOT EXISTS trace_index_by_week
(
    trace_id    FixedString(16),
    started_at  SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(Delta, ZSTD),
    ended_at    SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(Delta, ZSTD),
    received_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) DEFAULT ended_at CODEC(Delta, ZSTD)
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY trace_id
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS trace_index AS trace_index_by_week;

DROP VIEW IF EXISTS trace_index_mv SYNC;

INSERT INTO trace_index_by_week (trace_id, started_at, ended_at)
SELECT trace_id, started_at, ended_at FROM trace_index SETTINGS max_partitions_per_insert_block = 0;

DROP TABLE IF EXISTS trace_index SYNC;

RENAME TABLE IF EXISTS trace_index_by_week TO trace_index;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_mv TO trace_index AS
SELECT
    trace_id,
    min(decoded_spans.started_at) AS started_at,
    max(addNanoseconds(decoded_spans.started_at, duration_ns)) AS ended_at,
    max(decoded_spans.received_at) AS received_at
FROM decoded_spans
WHERE problem = ''
GROUP BY trace_id, toMonday(decoded_spans.started_at);

-- How parts expire; what the retention is, the settings say (core/retention.py). A changed retention recalculates when parts
-- expire and rewrites nothing; a part goes when all of it has expired.
ALTER TABLE spans MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

ALTER TABLE span_objects MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

ALTER TABLE trace_index MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

ALTER TABLE events MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

ALTER TABLE event_objects MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

-- Quarantine has no partitions and is small: its expired rows are merged away, at most once a day.
ALTER TABLE quarantine MODIFY SETTING merge_with_ttl_timeout = 86400;
