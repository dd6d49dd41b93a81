-- Grain: one row: the engine's own time, which facts are stamped with. Caller: correlator.tick.Correlator.rebuild.
SELECT now64(6, 'UTC') AS until
