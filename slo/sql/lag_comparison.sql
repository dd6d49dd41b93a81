-- Grain: one combination of group values: how many of the later of two windows had closed, how many would have, had both closed
-- alike, and the variance of that: the log-rank test over what both had at risk. What was cancelled stays at risk for as long
-- as it could have been followed, which everyone's is known to be (Fine and Gray 1999, censoring complete data): so compared are
-- the shares that close, with cancellation as a competing end. Caller: slo.lag_comparison.LagComparisons.
WITH
-- include: slo/lag_compared
    ,
    moments AS
    (
        SELECT
            key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8,
            if(is_cancelled, followed_us, lasted_us) AS at_us,
            count() AS seen,
            countIf(is_later = 1) AS seen_later,
            countIf(is_closed) AS closings,
            countIf(is_closed AND is_later = 1) AS closings_later
        FROM compared
        GROUP BY key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8, at_us
    ),
    risks AS
    (
        SELECT
            *,
            sum(seen) OVER longest_first AS at_risk,
            sum(seen_later) OVER longest_first AS at_risk_later,
            at_risk_later / at_risk AS later_share
        FROM moments
        WINDOW longest_first AS
            (PARTITION BY key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8 ORDER BY at_us DESC)
    )
SELECT
    arraySlice([key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8], 1, {groups:UInt8}) AS keys,
    sum(closings_later) AS closed_later,
    sum(closings * later_share) AS expected_later,
    -- Hypergeometric, at each duration.
    sum(if(at_risk > 1, closings * later_share * (1 - later_share) * (at_risk - closings) / (at_risk - 1), 0)) AS variance
FROM risks
GROUP BY key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8
ORDER BY keys
