-- Grain: one combination of group values, over the handoff instances opened by {as_of} and in the window. A percentile is the
-- least duration by which that share has closed; its band, those by which the share's own band reaches it (Brookmeyer and
-- Crowley 1982). Four of each, of the shares 0.5, 0.75, 0.9 and 0.95, in seconds, NULL where none is reached. 1e-9 absorbs
-- rounding of the estimate at ties. The shares are written out: a lambda over them would copy the curve for each.
-- Caller: slo.lag.Lag.
WITH
-- include: slo/lag_instances
    ,
-- include: slo/lag_curves
SELECT
    arraySlice([key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8], 1, {groups:UInt8}) AS keys,
    seen - ended AS open,
    good AS decided_good,
    bad AS decided_bad,
    ended - closed AS cancelled,
    length(lasted_us) AS closed,
    longest_us / 1e6 AS longest,
    arrayMap(place -> place::UInt64, [
        ceil(0.5 * closed - 1e-9), ceil(0.75 * closed - 1e-9), ceil(0.9 * closed - 1e-9), ceil(0.95 * closed - 1e-9)
    ]) AS closed_only_place,
    [
        arrayFirstIndex(f -> f >= 0.5 - 1e-9, shares), arrayFirstIndex(f -> f >= 0.75 - 1e-9, shares),
        arrayFirstIndex(f -> f >= 0.9 - 1e-9, shares), arrayFirstIndex(f -> f >= 0.95 - 1e-9, shares)
    ] AS censor_aware_place,
    [
        arrayFirstIndex(f -> f >= 0.5 - 1e-9, upper_shares), arrayFirstIndex(f -> f >= 0.75 - 1e-9, upper_shares),
        arrayFirstIndex(f -> f >= 0.9 - 1e-9, upper_shares), arrayFirstIndex(f -> f >= 0.95 - 1e-9, upper_shares)
    ] AS lower_place,
    [
        arrayFirstIndex(f -> f >= 0.5 - 1e-9, lower_shares), arrayFirstIndex(f -> f >= 0.75 - 1e-9, lower_shares),
        arrayFirstIndex(f -> f >= 0.9 - 1e-9, lower_shares), arrayFirstIndex(f -> f >= 0.95 - 1e-9, lower_shares)
    ] AS upper_place,
    [lasted_us[closed_only_place[1]], lasted_us[closed_only_place[2]], lasted_us[closed_only_place[3]], lasted_us[closed_only_place[4]]] AS closed_only_us,
    [lasted_us[censor_aware_place[1]], lasted_us[censor_aware_place[2]], lasted_us[censor_aware_place[3]], lasted_us[censor_aware_place[4]]] AS censor_aware_us,
    [lasted_us[lower_place[1]], lasted_us[lower_place[2]], lasted_us[lower_place[3]], lasted_us[lower_place[4]]] AS lower_us,
    [lasted_us[upper_place[1]], lasted_us[upper_place[2]], lasted_us[upper_place[3]], lasted_us[upper_place[4]]] AS upper_us
FROM curves
ORDER BY keys
