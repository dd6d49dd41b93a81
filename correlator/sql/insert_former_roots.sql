-- Grain: one journey that a touched object belonged to. Caller: correlator.tick.Correlator, before the climb, after insert_standing.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT revision, root_type, root_id FROM {run_standing:Identifier} WHERE revision = {revision:UInt64}
