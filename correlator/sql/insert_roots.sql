-- Grain: one root, or former root, among the objects of this run. A root is an object without a parent
-- (another id of an object is none; what insert_unnamed told is not told again).
-- Caller: correlator.tick.Correlator.
INSERT INTO {run_roots:Identifier} (revision, root_type, root_id, holds)
SELECT DISTINCT {revision:UInt64}, object_type, object_id,
    (cityHash64(object_type, object_id), xxh3(object_type, object_id)) NOT IN
    (
        SELECT cityHash64(child_type, child_id), xxh3(child_type, child_id) FROM {current_links:Identifier}
        WHERE model = {model:String}
          AND ({whole:Bool} OR (child_type, child_id) IN
              (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}))
    )
    AND (object_type, object_id) NOT IN
    (
        SELECT object_type, alias_id FROM identities FINAL
        WHERE {whole:Bool} OR (object_type, alias_id) IN
            (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64})
    )
FROM {run_objects:Identifier}
WHERE revision = {revision:UInt64}
  AND (object_type, object_id) NOT IN (SELECT root_type, root_id FROM {run_roots:Identifier} WHERE revision = {revision:UInt64})
