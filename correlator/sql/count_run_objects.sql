-- Grain: one row: the objects of a run. Caller: correlator.tick.Correlator.rebuild, where each stands once.
SELECT count() AS objects FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
