-- Grain: one event type of the journey's milestones: its first occurrence on an object of its own kind (an order's events on
-- orders), up to {as_of}; through a shared object a sister journey's events would come in.
-- Caller: correlator.journeys.Journeys.journey.
SELECT event_type, min(occurred_at) AS reached_at
FROM current_event_objects
WHERE (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    )
  AND event_type IN {event_types:Array(String)} AND object_type = splitByChar('.', event_type::String)[1]
  AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY event_type
