-- Grain: one handoff instance of what was kept of {reckoning} under the filters, with its cause. Caller: correlator.kept_stalls.
INSERT INTO stalled_judged
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, key, cause, cause_summary, signature, trace_id, evidence)
SELECT model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, key, cause, cause_summary, signature, trace_id, evidence
FROM kept_stalls
WHERE
-- include: correlator/kept_chosen_causes
