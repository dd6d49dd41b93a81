-- Grain: all rows of one run. Caller: correlator.working, when the run has ended.
ALTER TABLE run_members DROP PARTITION {revision:UInt64}
