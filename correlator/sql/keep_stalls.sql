-- Grain: one stalled handoff instance with its cause, kept as part of {reckoning}. Caller: correlator.kept_stalls.
INSERT INTO kept_stalls
    (reckoning, model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, key, cause, cause_summary, signature, trace_id, evidence, parts)
SELECT {reckoning:String}, model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, key, cause, cause_summary, signature, trace_id, evidence, parts
FROM
(
-- include: correlator/stalls_reasoned
)
