-- Grain: one row: how many readable promises this run found. Caller: correlator.handoffs.
SELECT count() AS promised FROM run_promised WHERE revision = {revision:UInt64}
