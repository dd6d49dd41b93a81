-- Grain: one row: how many cycles of this run and slice have a clock that stood still. Caller: correlator.handoffs.
SELECT count() AS stood FROM run_cycles WHERE revision = {revision:UInt64} AND notEmpty(stopped)
