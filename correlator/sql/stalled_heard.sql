-- Grain: one event that names an object which something stalled hangs on, or a document of it: what is needed or undoes that, what
-- opened a stalled instance, and what raised an exception. Caller: correlator.reasoning.
INSERT INTO stalled_heard (object_type, object_id, event_type, occurred_at, integration, event_id)
SELECT DISTINCT object_type, object_id, event_type, occurred_at, integration, event_id
FROM current_event_objects
WHERE (object_type, object_id) IN (SELECT on_type, on_id FROM stalled_hangs UNION ALL SELECT by_type, by_id FROM stalled_documents)
  AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
  AND (event_type IN {steps:Array(String)} OR event_type = 'exception.raised'
       OR (object_type, object_id, occurred_at) IN (SELECT object_type, object_id, opened_at FROM stalled_now))
