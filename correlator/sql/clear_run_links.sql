-- Grain: all rows of one run. Caller: correlator.tick.Correlator, when a tick has derived all.
ALTER TABLE run_links DROP PARTITION {revision:UInt64}
