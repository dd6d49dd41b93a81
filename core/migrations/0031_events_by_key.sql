-- Events are asked for by key too, those of a tick's objects (docs/adr/0020): in granules of 512 rows, made anew as in 0030.
CREATE OR REPLACE TABLE events_fine AS events
ENGINE = ReplacingMergeTree(precedence) PARTITION BY toYYYYMM(occurred_at)
ORDER BY (integration, type, occurred_at, event_id, content_hash)
SETTINGS index_granularity = 512, non_replicated_deduplication_window = 1000,
    ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

INSERT INTO events_fine SELECT * FROM events SETTINGS max_partitions_per_insert_block = 0;

EXCHANGE TABLES events AND events_fine;

DROP TABLE IF EXISTS events_fine SYNC;

-- What one run works on, as in 0006. Grain: one readable statement of when a handoff of an object of this run is due: an
-- instant, or a `day` and nothing more; of the object itself, or of another that names it.
CREATE TABLE IF NOT EXISTS run_promised
(
    revision    UInt64,
    handoff     LowCardinality(String),
    object_type LowCardinality(String),
    object_id   String,
    zone        String,
    is_own      Bool,
    told_at     DateTime64(6, 'UTC'),
    event_id    String,
    integration LowCardinality(String),
    text        String,
    day         Date32,
    is_date     Bool
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);
