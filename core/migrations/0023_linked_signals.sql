-- What one correlator run works on, as in 0006: signals of handoffs that events on linked objects give.
-- `occurred_at`, `role` and `event_id` as correlator/sql/write_handoffs.sql orders them. `holds_over`: it holds for later
-- starts too. Without an event id: what held over when the handoff was to start.

CREATE TABLE IF NOT EXISTS run_signals
(
    revision    UInt64,
    handoff     LowCardinality(String),
    object_type LowCardinality(String),
    object_id   String,
    occurred_at DateTime64(6, 'UTC'),
    role        UInt8,
    event_id    String,
    holds_over  Bool
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);
