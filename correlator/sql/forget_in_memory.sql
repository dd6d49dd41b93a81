-- Grain: all rows in memory of one run, and of runs that died before {before}. Caller: correlator.working, when the run has ended.
ALTER TABLE {table:Identifier} DELETE WHERE revision = {revision:UInt64} OR revision < {before:UInt64}
