-- Grain: one journey that a touched object belonged to. Caller: correlator.tick.Correlator, before the climb.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, root_type, root_id
FROM object_journeys FINAL
WHERE model = {model:String}
  AND (object_type, object_id) IN (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64})
