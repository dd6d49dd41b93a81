-- Grain: one row: how many signals of this run hold for later starts too. Caller: correlator.signals.
SELECT count() AS signals FROM {run_signals:Identifier} WHERE revision = {revision:UInt64} AND holds_over
