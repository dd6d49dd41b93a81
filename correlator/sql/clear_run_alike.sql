-- Grain: all rows of one run. Caller: correlator.tick.Correlator, when the run has ended.
ALTER TABLE run_alike DROP PARTITION {revision:UInt64}
