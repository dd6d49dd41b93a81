-- A tick looks for a thousand objects in a thousand places of each table. Of each column it reads there a block of what is compressed
-- together, of 64 kB unless told: sixteen times what it needs. Of 4 kB a look takes half (docs/adr/0020). Parts that stand stay as
-- they are until they are merged, or a rebuild makes them anew.
ALTER TABLE event_objects MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE link_statements MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE links MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE parent_links MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE journey_members MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE object_journeys MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE journeys MODIFY SETTING min_compress_block_size = 4096;

-- A look for 200 ids, each in one of a hundred granules without it, is a look into nearly all granules.
ALTER TABLE events DROP INDEX IF EXISTS by_event_id;

ALTER TABLE events ADD INDEX IF NOT EXISTS by_event_id event_id TYPE bloom_filter(0.0001) GRANULARITY 1;

ALTER TABLE events MATERIALIZE INDEX by_event_id;

-- What does not hold is in no key's way: each list of it that names columns of the key would be held against the whole index, which
-- costs a look more than finding its objects does. With `identity` it is held against the rows that are read, and nothing else.
-- `current_events` goes first and comes last, without its comment: whoever reads facts under other names sees by it that the views are to
-- be made anew (correlator/naming_views.py), wherever this stops.
DROP VIEW IF EXISTS current_events;

DROP VIEW IF EXISTS current_event_objects;

CREATE VIEW IF NOT EXISTS current_event_objects AS
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM event_objects
WHERE (identity(integration), identity(event_id), identity(content_hash)) NOT IN
      (SELECT integration, event_id, content_hash FROM superseded_events)
  AND (identity(object_type), identity(object_id)) NOT IN (SELECT object_type, alias_id FROM identities FINAL)
  AND (identity(object_type), identity(object_id), identity(integration), identity(event_id)) NOT IN
      (SELECT object_type, object_id, integration, event_id FROM withdrawn_namings FINAL)
UNION ALL
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM aliased_event_objects FINAL
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events)
  AND (object_type, alias_id, integration, event_id) NOT IN
      (SELECT object_type, object_id, integration, event_id FROM withdrawn_namings FINAL);

CREATE VIEW IF NOT EXISTS current_events AS
SELECT * FROM events
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events);
