-- Grain: one object that is linked with an object of this run, of types that conditions look at, or look through. Links are those
-- that hold now. Caller: correlator.signals.
INSERT INTO {run_linked:Identifier} (revision, object_type, object_id, is_further, of_type, of_id)
WITH in_run AS
(
    SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
)
SELECT {revision:UInt64}, child_type, child_id, false, parent_type, parent_id
FROM {current_links:Identifier}
WHERE model = {model:String} AND (child_type, parent_type) IN {pairs:Array(Tuple(String, String))}
  AND ({whole:Bool} OR (child_type, child_id) IN in_run)
UNION ALL
SELECT {revision:UInt64}, parent_type, parent_id, false, child_type, child_id
FROM {current_parent_links:Identifier}
WHERE model = {model:String} AND (parent_type, child_type) IN {pairs:Array(Tuple(String, String))}
  AND ({whole:Bool} OR (parent_type, parent_id) IN in_run)
