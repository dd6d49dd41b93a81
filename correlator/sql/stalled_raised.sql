-- Grain: one exception that an event raised which names a stalled object; some may not hold. Caller: correlator.reasoning.
INSERT INTO stalled_raised (object_id)
SELECT object_id FROM named_event_objects
WHERE object_type = 'exception' AND event_type = 'exception.raised'
  AND occurred_at IN (SELECT occurred_at FROM stalled_heard WHERE event_type = 'exception.raised')
  AND (integration, event_id) IN (SELECT integration, event_id FROM stalled_heard WHERE event_type = 'exception.raised')
UNION ALL
SELECT object_id FROM aliased_event_objects FINAL
WHERE object_type = 'exception' AND event_type = 'exception.raised'
  AND (integration, event_id) IN (SELECT integration, event_id FROM stalled_heard WHERE event_type = 'exception.raised')
