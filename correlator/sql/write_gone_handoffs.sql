-- Grain: one handoff instance that held before this run and that the run did not find again: its key, since nobody reads
-- more of what is gone. Caller: correlator.tick.Correlator.tick, right after write_handoffs.
INSERT INTO handoffs (model, handoff, object_type, object_id, cycle, revision, is_gone)
SELECT model, handoff, object_type, object_id, cycle, {revision:UInt64}, 1
FROM handoffs FINAL
WHERE model = {model:String} AND revision < {revision:UInt64}
  AND (object_type, object_id) IN
      (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64})
