-- Grain: one row: the journeys a run derived. Caller: correlator.tick.Correlator.
SELECT countIf(holds) AS roots FROM {run_roots:Identifier} WHERE revision = {revision:UInt64}
