-- Grain: one id that no longer stands for an object. Caller: correlator.identity.
INSERT INTO aliases (object_type, object_id, alias_id, revision, is_gone)
SELECT object_type, object_id, alias_id, {revision:UInt64}, 1
FROM aliases FINAL
WHERE revision < {revision:UInt64} AND ({whole:Bool} OR (object_type, object_id) IN
    (SELECT object_type, alias_id FROM {run_identities:Identifier} WHERE revision = {revision:UInt64}))
