-- Grain: one distinct duration in one combination of group values: the shares ended by then. Caller: slo.lag.Lag.
WITH
-- include: slo/lag_instances
    ,
-- include: slo/survivals
SELECT keys, lasted_us / 1e6 AS seconds, at_risk, closed_share, cancelled_share
FROM incidences
ORDER BY keys, seconds
