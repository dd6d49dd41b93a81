-- Grain: one event that touches an object of the journey, in order of occurrence, up to {as_of}.
-- Caller: correlator.journeys.Journeys.journey.
SELECT event_id, integration, type, occurred_at, received_at, subject_type, subject_id, actor, reason, amount, currency,
    lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span
FROM current_events
WHERE (integration, type, occurred_at, event_id) IN
    (
        SELECT integration, event_type, occurred_at, event_id FROM current_event_objects
        WHERE (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    )
          AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
        ORDER BY occurred_at DESC
        LIMIT 1 BY integration, event_id
        LIMIT {limit:UInt64}
    )
ORDER BY occurred_at, event_id, content_hash
LIMIT 1 BY integration, event_id
