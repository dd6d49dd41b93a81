-- Quarantine as a work list: each record has an id, and what was done about it is kept as rows that are only added to.

-- Two equal records of one request share an id, and so does a request that was stored twice. Older parts compute it when read.
ALTER TABLE quarantine
    ADD COLUMN IF NOT EXISTS record_id String MATERIALIZED lower(hex(sipHash128(request_id, toString(signal), record)));

ALTER TABLE quarantine
    ADD INDEX IF NOT EXISTS by_record_id record_id TYPE bloom_filter(0.001) GRANULARITY 1;

-- What older versions kept, and versions of events that did not hold, cannot be sent again. A column, so that counting does
-- not read the content.
ALTER TABLE quarantine
    ADD COLUMN IF NOT EXISTS replayable Bool MATERIALIZED JSONHas(record, 'attribute_keys');

-- Grain: one step of one record. `status`: begun (a replay has claimed it), released (another replay had it), replayed (it is a
-- fact), refused (again, for `reason`), dismissed. A record that was ever replayed is; else its newest refusal or dismissal
-- holds; else it is open. A claim that is older than collector.replay.LEASE and has no outcome was cut short, and is finished
-- as it was begun, with its `correction` (promoted field to text, free of private values; '' leaves the field out).
CREATE TABLE IF NOT EXISTS quarantine_changes
(
    record_id      String,
    quarantined_at DateTime64(6, 'UTC'), -- of the record: its steps are kept as long as itself
    status         LowCardinality(String),
    reason         LowCardinality(String),
    detail         String,
    correction     Map(String, String),
    replay_id      String,
    changed_at     DateTime64(6, 'UTC'),
    changed_by     String,
    because        String
)
ENGINE = MergeTree
ORDER BY (record_id, changed_at)
SETTINGS non_replicated_deduplication_window = 1000, merge_with_ttl_timeout = 86400;
