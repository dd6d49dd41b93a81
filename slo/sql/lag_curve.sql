-- Grain: one distinct duration in one combination of group values: the share closed by then. Caller: slo.lag.Lag.
-- The estimate is that of lag.sql, drawn out. Durations in clock microseconds from opened_at.
WITH
-- include: slo/lag_survivals
    incidences AS
    (
        SELECT
            *,
            sum(open_before * closings / at_risk) OVER (PARTITION BY keys ORDER BY lasted_us) AS closed_share,
            sum(open_before * cancellations / at_risk) OVER (PARTITION BY keys ORDER BY lasted_us) AS cancelled_share
        FROM survivals
    )
SELECT keys, lasted_us / 1e6 AS seconds, at_risk, closed_share, cancelled_share
FROM incidences
ORDER BY keys, seconds
