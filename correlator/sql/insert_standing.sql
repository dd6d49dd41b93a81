-- Grain: one journey that an object of this run stood in before the run wrote any, of the objects that were not looked for yet.
-- Caller: correlator.tick.Correlator, in a tick: of what is touched before the climb, of the others once they are known.
INSERT INTO {run_standing:Identifier} (revision, object_type, object_id, root_type, root_id)
SELECT {revision:UInt64}, object_type, object_id, root_type, root_id
FROM object_journeys FINAL
WHERE model = {model:String}
  AND (object_type, object_id) IN
  (
      SELECT object_type, object_id FROM {run_objects:Identifier}
      WHERE revision = {revision:UInt64} AND (object_type, object_id) NOT IN
          (SELECT object_type, object_id FROM {run_standing:Identifier} WHERE revision = {revision:UInt64})
  )
