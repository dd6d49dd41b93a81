-- Grain: one instance, of those that a run derived beside what is in force, that has not ended by the engine's clock.
-- Caller: correlator.tick.Correlator.
INSERT INTO {open_handoffs:Identifier}
SELECT * FROM {handoffs:Identifier} FINAL WHERE NOT ifNull(coalesce(closed_at, cancelled_at) <= now64(6, 'UTC'), false)
