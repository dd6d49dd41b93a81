-- Grain: one row: share of invoices matched with no exception raised on them before. Caller: slo.kpis.Kpis.
WITH
-- include: slo/invoice_moments
SELECT
    if(denominator = 0, NULL, numerator / denominator) AS value,
    countIf(raised_at IS NULL OR raised_at > matched_at) AS numerator,
    count() AS denominator,
    NULL AS at_least
FROM invoices
WHERE matched_at IS NOT NULL AND flow IN ('', 'three_way', 'receipt_based')
