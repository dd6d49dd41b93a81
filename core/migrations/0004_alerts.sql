-- Alert state, appended: a transition when a rule's finding changes state, an outbox row when somebody must be told.

CREATE TABLE IF NOT EXISTS alert_transitions
(
    alert_id     String,
    rule         LowCardinality(String),
    labels       Map(LowCardinality(String), String),
    state        Enum8('pending' = 1, 'firing' = 2, 'resolved' = 3, 'inactive' = 4),
    at           DateTime64(6, 'UTC'),
    number       UInt32,
    summary      String,
    facts        String
)
ENGINE = ReplacingMergeTree
ORDER BY (alert_id, number);

CREATE TABLE IF NOT EXISTS outbox
(
    notification_id String,
    alert_id        String,
    channel         LowCardinality(String),
    state           Enum8('due' = 1, 'delivered' = 2, 'failed' = 3),
    attempts        UInt32,
    next_attempt_at DateTime64(6, 'UTC'),
    payload         String,
    reason          LowCardinality(String),
    version         UInt64,
    written_at      DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY notification_id;
