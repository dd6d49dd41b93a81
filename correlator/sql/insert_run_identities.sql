-- Grain: one id that something was ever said of, among those that facts stored in the window touched (all of them where
-- {whole}): it is its own smallest id until others are heard. Caller: correlator.identity, round 0.
INSERT INTO {run_identities:Identifier} (revision, object_type, alias_id, object_id, round)
SELECT DISTINCT {revision:UInt64}, object_type, object_id, object_id, 0
FROM identity_statements
WHERE {whole:Bool} OR (object_type, object_id) IN
(
    SELECT object_type, object_id FROM {touched_objects:Identifier}
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
)
