-- Grain: all rows of one run. Caller: correlator.working, when the run has ended; correlator.handoffs, after a slice.
ALTER TABLE run_promises DROP PARTITION {revision:UInt64}
