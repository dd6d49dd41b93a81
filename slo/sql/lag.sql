-- Grain: one combination of group values, over the handoff instances opened by {as_of}. Caller: slo.lag.Lag.
-- A percentile is the least duration by which that share has closed. 1e-9 absorbs rounding of the estimate at ties.
WITH
-- include: slo/lag_instances
    ,
-- include: slo/survivals
SELECT
    keys,
    sum(seen) - sum(closings) - sum(cancellations) AS open,
    sum(good) AS decided_good,
    sum(bad) AS decided_bad,
    sum(cancellations) AS cancelled,
    sum(closings) AS closed,
    minOrNullIf(lasted_us, share_of_closed >= 0.5 - 1e-9) / 1e6 AS closed_only_p50,
    minOrNullIf(lasted_us, share_of_closed >= 0.9 - 1e-9) / 1e6 AS closed_only_p90,
    minOrNullIf(lasted_us, closed_share >= 0.5 - 1e-9) / 1e6 AS censor_aware_p50,
    minOrNullIf(lasted_us, closed_share >= 0.9 - 1e-9) / 1e6 AS censor_aware_p90,
    if(censor_aware_p50 IS NULL, max(lasted_us) / 1e6, NULL) AS at_least_p50,
    if(censor_aware_p90 IS NULL, max(lasted_us) / 1e6, NULL) AS at_least_p90
FROM incidences
GROUP BY keys
ORDER BY keys
