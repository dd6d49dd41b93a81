-- Grain: one of the values asked for that facts, or what was derived of them, have in {dimension} (facility or
-- criticality), of whatever model. It ends where each is found once. Caller: correlator.held_values.HeldValues.
SELECT DISTINCT value
FROM
(
    SELECT {dimension:Identifier}::String AS value FROM handoffs FINAL WHERE {dimension:Identifier} IN {asked:Array(String)}
    UNION ALL
    SELECT {dimension:Identifier}::String AS value FROM journeys FINAL WHERE {dimension:Identifier} IN {asked:Array(String)}
    UNION ALL
    SELECT {dimension:Identifier}::String AS value FROM current_events WHERE {dimension:Identifier} IN {asked:Array(String)}
)
LIMIT {most:UInt64}
