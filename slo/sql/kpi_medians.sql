-- Grain: one value of {by} (all: one row, or none): the median days of the items that are finished. Caller: slo.kpis.Kpis.
WITH
-- include: slo/kpi_chosen
SELECT
    key,
    countIf(is_closed AND measured > 0) AS numerator,
    numerator AS denominator,
    countIf(measured = 0) AS lacking,
    if(denominator = 0, NULL,
       quantileExactInclusiveIf(0.5)(assumeNotNull(lasted_us), is_closed AND measured > 0) / 86400e6) AS value,
    NULL AS at_least
FROM items
GROUP BY key
ORDER BY denominator DESC, key
