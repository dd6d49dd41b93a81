-- Grain: one id that stands for another. Caller: correlator.identity, before the rows of `aliased_event_objects`: what they
-- were made for can then be told should the run die.
INSERT INTO aliases (object_type, object_id, alias_id, revision, is_gone)
SELECT object_type, min(object_id) AS smallest, alias_id, {revision:UInt64}, 0
FROM {run_identities:Identifier}
WHERE revision = {revision:UInt64}
GROUP BY object_type, alias_id
HAVING smallest != alias_id
