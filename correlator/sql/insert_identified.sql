-- Grain: one id of an object of the model that this run's facts touched under any of its ids. Caller: correlator.identity.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, object_type, alias_id
FROM {run_identities:Identifier}
WHERE revision = {revision:UInt64} AND object_type IN {types:Array(String)}
