-- Grain: the working rows that runs which died left behind. Caller: correlator.tick.Correlator.rebuild.
DELETE FROM run_alike WHERE revision < {before:UInt64}
