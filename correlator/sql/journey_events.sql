-- Grain: one event that touches an object of the journey, in order of occurrence, up to {as_of}.
-- Caller: correlator.journeys.Journeys.journey.
SELECT event_id, integration, type, occurred_at, received_at, subject_type, subject_id, actor, reason, amount, currency,
    lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span
FROM events
WHERE (integration, type, occurred_at, event_id) IN
    (
        SELECT integration, event_type, occurred_at, event_id FROM event_objects
        WHERE (object_type, object_id) IN {members:Array(Tuple(String, String))}
          AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
        ORDER BY occurred_at DESC
        LIMIT 1 BY integration, event_id
        LIMIT {limit:UInt64}
    )
ORDER BY occurred_at, event_id, content_hash
LIMIT 1 BY integration, event_id
