-- Grain: one handoff instance that is stalled at {as_of} under the filters. Caller: correlator.reasoning.
INSERT INTO stalled_now
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, starts_elsewhere, needs, key, signature)
WITH
-- include: correlator/stalls_due
SELECT * FROM stalled_by_then
