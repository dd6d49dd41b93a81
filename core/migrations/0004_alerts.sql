-- Alert state, appended: a transition when a rule's finding changes state, an outbox row when somebody must be told.

-- Grain: one step of one episode of one series. A series is a rule and its labels; an episode runs from the first
-- sighting to resolved or inactive; alert_id is "<series>-<episode>". The newest step is the state. A step is written
-- again with a later `seen_at` while only its figures move. `channels`: who was told of this episode's firing.
CREATE TABLE IF NOT EXISTS alert_transitions
(
    series        String,
    episode       UInt32,
    number        UInt32,
    alert_id      String,
    rule          LowCardinality(String),
    labels        Map(LowCardinality(String), String),
    state         Enum8('pending' = 1, 'firing' = 2, 'resolved' = 3, 'inactive' = 4),
    at            DateTime64(6, 'UTC'),
    pending_since DateTime64(6, 'UTC'),
    firing_since  Nullable(DateTime64(6, 'UTC')),
    absent_since  Nullable(DateTime64(6, 'UTC')),
    resolved_at   Nullable(DateTime64(6, 'UTC')),
    channels      Array(LowCardinality(String)),
    facts         String,
    seen_at       DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(seen_at)
ORDER BY (series, episode, number)
SETTINGS non_replicated_deduplication_window = 1000;

-- Grain: one notification: one alert, one status, one channel. The newest `version` holds; each version is written
-- under a deduplication token of its own, so of two writers of the same version the first wins. `may_have_arrived`: an
-- attempt ended without the receiver's answer, or in a way that does not rule out that it took the notification.
CREATE TABLE IF NOT EXISTS outbox
(
    notification_id  String,
    alert_id         String,
    status           LowCardinality(String),
    channel          LowCardinality(String),
    state            Enum8('due' = 1, 'delivered' = 2, 'failed' = 3),
    attempts         UInt32,
    next_attempt_at  DateTime64(6, 'UTC'),
    payload          String,
    reason           LowCardinality(String),
    may_have_arrived Bool,
    claim            String,
    version          UInt64,
    written_at       DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY notification_id
SETTINGS non_replicated_deduplication_window = 1000;
