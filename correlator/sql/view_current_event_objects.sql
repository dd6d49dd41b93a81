-- Grain: one object of an event that holds and speaks of it, under its own names and its own id.
-- With `identity`, what does not hold is not held against the whole index (core/migrations/0060_small_places.sql).
-- Caller: correlator.naming_views, which fills in what begins with a dollar sign.
CREATE OR REPLACE VIEW $database.current_event_objects AS
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM $source
WHERE (identity(integration), identity(event_id), identity(content_hash)) NOT IN
      (SELECT integration, event_id, content_hash FROM $database.superseded_events)
  AND (identity(object_type), identity(object_id)) NOT IN (SELECT object_type, alias_id FROM $database.identities FINAL)
  AND (identity(object_type), identity(object_id), identity(integration), identity(event_id)) NOT IN
      (SELECT object_type, object_id, integration, event_id FROM $database.withdrawn_namings FINAL)
UNION ALL
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM $database.aliased_event_objects FINAL
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM $database.superseded_events)
  AND (object_type, alias_id, integration, event_id) NOT IN
      (SELECT object_type, object_id, integration, event_id FROM $database.withdrawn_namings FINAL)
