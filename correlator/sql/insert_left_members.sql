-- Grain: one object of a journey that this run derives anew, as it stood before: its handoffs may change by leaving.
-- Caller: correlator.tick.Correlator.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, object_type, object_id
FROM
(
    SELECT object_type, object_id FROM {run_members:Identifier} WHERE revision = {revision:UInt64}
    UNION ALL
    SELECT object_type, object_id FROM journey_members FINAL
    WHERE model = {model:String}
      AND (root_type, root_id) IN (SELECT root_type, root_id FROM {run_roots:Identifier} WHERE revision = {revision:UInt64})
)
