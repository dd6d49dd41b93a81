-- Grain: one root, or former root, among the objects of this run. A root is an object without a parent
-- (another id of an object is none; what insert_unnamed told is not told again).
-- Caller: correlator.tick.Correlator.
INSERT INTO run_roots (revision, root_type, root_id, holds)
SELECT DISTINCT {revision:UInt64}, object_type, object_id,
    (object_type, object_id) NOT IN
    (
        SELECT child_type, child_id FROM {current_links:Identifier}
        WHERE model = {model:String}
          AND ({whole:Bool} OR (child_type, child_id) IN
              (SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64}))
    )
    AND (object_type, object_id) NOT IN
    (
        SELECT object_type, alias_id FROM identities FINAL
        WHERE (object_type, alias_id) IN (SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64})
    )
FROM run_objects
WHERE revision = {revision:UInt64}
  AND (object_type, object_id) NOT IN (SELECT root_type, root_id FROM run_roots WHERE revision = {revision:UInt64})
