-- Grain: one value of {by} (all: one row, or none): what is counted, of how much, and how many items lack what the KPI
-- needs. Amounts by currency: of what is counted, and of all that is measured. Caller: slo.kpis.Kpis.
WITH
-- include: slo/kpi_chosen
SELECT
    key,
    sum(counted) AS numerator,
    sum(measured) AS denominator,
    countIf(counted = 0 AND measured = 0) AS lacking,
    CAST(sumMap(map(toString(currency), ifNull(amount, 0) * toInt64(counted))) AS Map(String, Decimal(38, 4))) AS amounts,
    CAST(sumMap(map(toString(currency), ifNull(amount, 0) * toInt64(measured))) AS Map(String, Decimal(38, 4))) AS amounts_of
FROM items
GROUP BY key
ORDER BY denominator DESC, key
