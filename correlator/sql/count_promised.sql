-- Grain: one row: how many readable promises this run found. Caller: correlator.handoffs.
SELECT count() AS promised FROM {run_promised:Identifier} WHERE revision = {revision:UInt64}
