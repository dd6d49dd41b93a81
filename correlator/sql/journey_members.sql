-- Grain: one object of one journey. Caller: correlator.journeys.Journeys.journey.
SELECT object_type, object_id FROM journey_members FINAL
WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
ORDER BY object_type, object_id
