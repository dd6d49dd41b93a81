-- Grain: one event of an object of this run. Caller: correlator.tick.Correlator, in a tick: a rebuild reads all events as they are.
INSERT INTO {run_events:Identifier}
    (revision, object_type, object_id, event_type, occurred_at, received_at, integration, event_id, is_subject, facility, supplier,
     department, spend_category, criticality, flow_type, amount, currency, reason)
SELECT {revision:UInt64}, object_type, object_id, event_type, occurred_at, received_at, integration, event_id, is_subject, facility,
    supplier, department, spend_category, criticality, flow_type, amount, currency, reason
FROM current_event_objects
WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64})
