-- Grain: one combination of group values, over the handoff instances opened by {as_of} and in the window: the share that had
-- closed by each duration, with its band, at no more than about {points} durations. Caller: slo.lag.Lag.curves.
WITH
-- include: slo/lag_instances
    ,
-- include: slo/lag_curves
SELECT keys, points
FROM
(
SELECT
    arraySlice([key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8], 1, {groups:UInt8}) AS keys,
    -- Of the steps of one duration the last has what holds from then on.
    arrayMap(
        (t, f, low, high) -> (t, f, low, high), lasted_us, shares, lower_shares, upper_shares
    ) AS steps,
    arrayFilter((step, next) -> step.1 != next, steps, arrayPopFront(arrayPushBack(lasted_us, -1))) AS whole,
    greatest(1, ceil(length(whole) / {points:UInt32}))::UInt64 AS every_so_many,
    arrayFilter((step, place) -> place % every_so_many = 0 OR place = length(whole), whole, arrayEnumerate(whole)) AS points
FROM curves
)
ORDER BY keys
