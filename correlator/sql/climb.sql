-- Grain: one parent of an object of this run whose type is among {children}. Caller: correlator.tick.Correlator, deepest first.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, parent_type, parent_id
FROM {current_links:Identifier}
WHERE model = {model:String} AND child_type IN {children:Array(String)}
  AND (child_type, child_id) IN
      (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64} AND object_type IN {children:Array(String)})
