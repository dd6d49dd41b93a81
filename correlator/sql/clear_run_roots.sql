-- Grain: all rows of one run. Caller: correlator.working, when the run has ended.
ALTER TABLE run_roots DROP PARTITION {revision:UInt64}
