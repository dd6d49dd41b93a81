-- Senders have other names for types, events and facilities (docs/adr/0019). What reads facts reads them through views, which
-- tell the own names; as made here they rename nothing. correlator/naming_views.py makes them anew, and the two views of what
-- holds, when a model or the registry says which names there are.

-- Grain: one other name of a type that was ever in force, and the own name that it stood for.
CREATE TABLE IF NOT EXISTS other_names
(
    sent String,
    own  String
)
ENGINE = ReplacingMergeTree
ORDER BY (sent, own);

CREATE VIEW IF NOT EXISTS current_statements AS
SELECT * FROM events
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events)
  AND type IN ('object.same_as', 'link.withdrawn');

CREATE VIEW IF NOT EXISTS told_events AS SELECT * FROM events FINAL;

CREATE VIEW IF NOT EXISTS named_events AS SELECT * FROM events;

CREATE VIEW IF NOT EXISTS named_event_objects AS SELECT * FROM event_objects;

CREATE VIEW IF NOT EXISTS named_object_states AS SELECT * FROM object_states;

CREATE VIEW IF NOT EXISTS named_descriptions AS SELECT * FROM object_states FINAL;

CREATE VIEW IF NOT EXISTS named_touched_objects AS SELECT * FROM touched_objects;

CREATE VIEW IF NOT EXISTS named_span_objects AS SELECT * FROM span_objects;
