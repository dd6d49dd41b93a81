-- Grain: one handoff instance of an object of this run: one cycle, of those whose clock never stood still.
-- Caller: correlator.handoffs.
INSERT INTO {handoffs:Identifier}
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, first_opened_at,
     closed_at, closed_by, cancelled_at, due_at, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, revision, is_gone)
WITH
-- include: correlator/handoff_definitions
-- include: correlator/handoff_instances
-- include: core/due_at
SELECT {model:String}, instance.1, instance.2, instance.3, instance.4, instance.12, instance.13, instance.14,
    instance.5, instance.6, instance.7,
    if(instance.9 = 1, instance.8, NULL), if(instance.9 = 1, instance.10, ''), if(instance.9 = 2, instance.8, NULL), due_at,
    instance.15, instance.16, instance.17, instance.18, instance.19, instance.20, instance.21, instance.22,
    {revision:UInt64}, 0
FROM reckoned
