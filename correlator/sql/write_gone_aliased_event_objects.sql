-- Grain: one row of an event under an object that its id no longer stands for; where {whole}, each that this run has not
-- written: its type or its event was called something else. Caller: correlator.identity, after
-- write_aliases and before write_gone_aliases.
INSERT INTO aliased_event_objects
    (object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
     spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash, alias_id, revision, is_gone)
WITH gone AS
(
    SELECT object_type, object_id, alias_id FROM aliases FINAL
    WHERE revision < {revision:UInt64} AND ({whole:Bool} OR (object_type, object_id) IN
        (SELECT object_type, alias_id FROM {run_identities:Identifier} WHERE revision = {revision:UInt64}))
)
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash, alias_id, {revision:UInt64}, 1
FROM aliased_event_objects FINAL
WHERE ({whole:Bool} AND revision < {revision:UInt64})
   OR ((object_type, object_id) IN (SELECT object_type, object_id FROM gone) AND (object_type, object_id, alias_id) IN gone)
