-- Grain: one row: how many readable promises this run found. Caller: correlator.tick.Correlator.
SELECT count() AS promised FROM run_promised WHERE revision = {revision:UInt64}
