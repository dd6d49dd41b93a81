-- Grain: one row where an exception was raised on anything stalled, else none. Caller: correlator.reasoning.
SELECT 1 AS some FROM stalled_heard
WHERE event_type = 'exception.raised' AND (object_type, object_id) IN (SELECT object_type, object_id FROM stalled_now) LIMIT 1
