-- Grain: one root as the first member of its own journey. Caller: correlator.tick.Correlator.
INSERT INTO {run_members:Identifier} (revision, root_type, root_id, object_type, object_id)
SELECT revision, root_type, root_id, root_type, root_id
FROM {run_roots:Identifier}
WHERE revision = {revision:UInt64} AND holds
