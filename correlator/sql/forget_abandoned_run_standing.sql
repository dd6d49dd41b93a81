-- Grain: the working rows that runs which died left behind. Caller: correlator.tick.Correlator.rebuild.
DELETE FROM run_standing WHERE revision < {before:UInt64}
