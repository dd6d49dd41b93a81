-- Grain: one of the handoffs asked for that was promised, by whatever model. It ends where each is found once.
-- Caller: correlator.held_values.HeldValues.
SELECT DISTINCT handoff::String AS value FROM handoffs FINAL
WHERE handoff IN {asked:Array(String)}
LIMIT {most:UInt64}
