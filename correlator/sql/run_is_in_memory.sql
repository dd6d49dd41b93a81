-- Grain: one row: whether what a run has in memory still stands. Caller: correlator.working.
SELECT count() > 0 AS stands FROM tick_runs WHERE revision = {revision:UInt64}
