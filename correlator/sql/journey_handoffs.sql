-- Grain: one handoff instance of an object of the journey, as it stands at {as_of}. Caller: correlator.journeys.Journeys.journey.
SELECT * FROM handoffs FINAL
WHERE model = {model:String} AND (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    )
  AND opened_at <= {as_of:DateTime64(6, 'UTC')}
ORDER BY opened_at, handoff, object_type, object_id, cycle
