-- Grain: one parent of an object of type {child} of this run. Caller: correlator.tick.Correlator, deepest layer first.
INSERT INTO run_objects (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, parent_type, parent_id
FROM {current_links:Identifier}
WHERE model = {model:String} AND child_type = {child:String} AND parent_type IN {parents:Array(String)}
  AND (child_type, child_id) IN
      (SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64} AND object_type = {child:String})
