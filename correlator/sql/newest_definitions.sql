-- Grain: one row: what the newest finished run of any model derived by; '' where there is none. Caller: correlator.tick.Correlator.
SELECT argMax(definitions, revision) AS definitions FROM correlator_runs
