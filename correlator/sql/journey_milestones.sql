-- Grain: one event type of the journey's milestones: its first occurrence on any object of the journey, up to {as_of}.
-- Caller: correlator.journeys.Journeys.journey.
SELECT event_type, min(occurred_at) AS reached_at
FROM event_objects
WHERE (object_type, object_id) IN {members:Array(Tuple(String, String))}
  AND event_type IN {event_types:Array(String)} AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY event_type
