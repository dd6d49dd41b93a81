-- An event id told again with other content is a conflict: the version that was received first holds, the others are named
-- here and in quarantine. Facts are read through the two views, which leave them out.

CREATE TABLE IF NOT EXISTS superseded_events
(
    integration  LowCardinality(String),
    event_id     String,
    content_hash UInt64,
    noticed_at   DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (integration, event_id, content_hash);

CREATE VIEW IF NOT EXISTS current_events AS
SELECT * FROM events
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events);

CREATE VIEW IF NOT EXISTS current_event_objects AS
SELECT * FROM event_objects
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events);
