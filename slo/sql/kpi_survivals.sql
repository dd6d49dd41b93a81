-- Grain: one value of {by} (all: one row, or none): the days after which half of the items are estimated to be finished,
-- open ones counted as still running and cancelled ones as never finished. Caller: slo.kpis.Kpis.
WITH
-- include: slo/kpi_chosen
    ,
    instances AS
    (
        SELECT [key] AS keys, is_closed, is_cancelled, assumeNotNull(lasted_us) AS lasted_us, false AS is_good, false AS is_bad
        FROM items
        WHERE measured > 0
    ),
-- include: slo/survivals
SELECT
    keys[1] AS key,
    toUInt64(sum(closings)) AS numerator,
    sum(seen) AS denominator,
    toUInt64(sum(seen) - sum(closings) - sum(cancellations)) AS open,
    minOrNullIf(lasted_us, closed_share >= 0.5 - 1e-9) / 86400e6 AS value,
    if(value IS NULL, max(lasted_us) / 86400e6, NULL) AS at_least
FROM incidences
GROUP BY keys
ORDER BY denominator DESC, key
