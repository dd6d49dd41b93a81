-- Grain: one handoff instance that is stalled at {as_of} under the filters, of one page in the asked order; `total` counts all of
-- them. Caller: correlator.reasoning, where causes neither choose nor order.
INSERT INTO stalled_now
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, starts_elsewhere, needs, key, signature, total)
WITH
-- include: correlator/stalls_due
SELECT *, count() OVER () AS total
FROM stalled_by_then
ORDER BY
-- include: correlator/stalls_in_order
LIMIT {limit:UInt64} OFFSET {after:UInt64}
