-- Grain: one combination of group values and one day of 24 hours after {as_of}, over the handoff instances that are open at {as_of}
-- and fall due in it: how many are forecast and withheld, and the sums that the number of late ones is known by: of p,
-- p (1 - p) and p (1 - p) (1 - 2 p). Sparse: no empty days. Caller: slo.forecast.Forecasts.
SELECT
    arrayMap(name -> multiIf(
        name = 'facility', toString(facility),
        name = 'handoff', toString(handoff),
        name = 'supplier', toString(supplier),
        name = 'spend_category', toString(spend_category),
        name = 'department', toString(department),
        name = 'criticality', toString(criticality),
        toString(model)
    ), {by:Array(String)}) AS keys,
    greatest(1, ceil((toUnixTimestamp64Micro(due_at) - toUnixTimestamp64Micro({as_of:DateTime64(6, 'UTC')})) / 86400e6))::UInt32 AS day,
    countIf(withheld = '') AS forecast,
    countIf(withheld = 'few') AS too_few,
    countIf(withheld = 'beyond') AS beyond,
    sum(ifNull(late, 0)) AS mean,
    sum(ifNull(late * (1 - late), 0)) AS variance,
    sum(ifNull(late * (1 - late) * (1 - 2 * late), 0)) AS third
FROM forecast_open
INNER JOIN forecast_chances USING (instance)
GROUP BY keys, day
ORDER BY keys, day
