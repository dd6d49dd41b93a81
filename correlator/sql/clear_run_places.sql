-- Grain: all rows of one run. Caller: correlator.handoffs, when the run has ended.
ALTER TABLE run_places DROP PARTITION {revision:UInt64}
