-- Grain: one row: median days from receipt to the first payment of invoices that are paid. Caller: slo.kpis.Kpis.
WITH
-- include: slo/invoice_moments
SELECT
    if(count() = 0, NULL,
       quantileExactInclusive(0.5)(dateDiff('microsecond', received_at, paid_at)) / 86400e6) AS value,
    NULL AS numerator,
    count() AS denominator,
    NULL AS at_least
FROM invoices
WHERE received_at IS NOT NULL AND paid_at >= received_at
