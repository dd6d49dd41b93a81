-- Grain: one handoff instance that held before this run and that the run did not find again.
-- Caller: correlator.tick.Correlator.tick, right after write_handoffs.
INSERT INTO handoffs
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, closed_at,
     closed_by, cancelled_at, due_at, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, revision, is_gone)
SELECT model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, closed_at,
    closed_by, cancelled_at, due_at, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, {revision:UInt64}, 1
FROM handoffs FINAL
WHERE model = {model:String} AND revision < {revision:UInt64}
  AND (object_type, object_id) IN
      (SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64})
