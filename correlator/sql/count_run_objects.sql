-- Grain: one row: the objects of a run. Caller: correlator.slices, of a rebuild, where each stands once.
SELECT count() AS objects FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
