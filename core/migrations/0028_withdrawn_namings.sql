-- An event about one object that names another speaks of both only while their link is not withdrawn (record 16).

-- Grain: one object, under the id that was sent, that an event about another object named, their link being withdrawn.
CREATE TABLE IF NOT EXISTS withdrawn_namings
(
    object_type LowCardinality(String),
    object_id   String,
    integration LowCardinality(String),
    event_id    String,
    revision    UInt64,
    is_gone     UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (object_type, object_id, integration, event_id);

DROP VIEW IF EXISTS current_event_objects;

CREATE VIEW IF NOT EXISTS current_event_objects AS
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM event_objects
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events)
  AND (object_type, object_id) NOT IN (SELECT object_type, alias_id FROM identities FINAL)
  AND (object_type, object_id, integration, event_id) NOT IN
      (SELECT object_type, object_id, integration, event_id FROM withdrawn_namings FINAL)
UNION ALL
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM aliased_event_objects FINAL
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events)
  AND (object_type, alias_id, integration, event_id) NOT IN
      (SELECT object_type, object_id, integration, event_id FROM withdrawn_namings FINAL);
