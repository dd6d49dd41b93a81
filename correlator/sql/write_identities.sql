-- Grain: one id and the object that it stands for; gone where it stands for itself. Caller: correlator.identity, last: what
-- write_aliased_event_objects takes for known is then complete.
INSERT INTO identities (object_type, alias_id, object_id, revision, is_gone)
SELECT object_type, alias_id, min(object_id) AS smallest, {revision:UInt64}, smallest = alias_id
FROM {run_identities:Identifier}
WHERE revision = {revision:UInt64}
GROUP BY object_type, alias_id
UNION ALL
SELECT object_type, alias_id, object_id, {revision:UInt64}, 1
FROM identities FINAL
WHERE {whole:Bool} AND (object_type, alias_id) NOT IN
    (SELECT object_type, alias_id FROM {run_identities:Identifier} WHERE revision = {revision:UInt64})
