-- Grain: one object in one journey: those that hold, and tombstones for those that no longer do.
-- Caller: correlator.tick.Correlator.
INSERT INTO {journey_members:Identifier} (model, root_type, root_id, object_type, object_id, revision, is_gone)
SELECT {model:String}, root_type, root_id, object_type, object_id, {revision:UInt64}, 0
FROM {run_members:Identifier}
WHERE revision = {revision:UInt64}
UNION ALL
SELECT model, root_type, root_id, object_type, object_id, {revision:UInt64}, 1
FROM journey_members FINAL
WHERE model = {model:String}
  AND NOT {whole:Bool} -- a rebuild writes beside what held, which goes as a whole
  AND (root_type, root_id) IN (SELECT root_type, root_id FROM {run_roots:Identifier} WHERE revision = {revision:UInt64})
  AND (root_type, root_id, object_type, object_id) NOT IN
      (SELECT root_type, root_id, object_type, object_id FROM {run_members:Identifier} WHERE revision = {revision:UInt64})
