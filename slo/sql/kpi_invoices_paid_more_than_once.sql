-- Grain: one row: how many invoices two or more executed payments touch, of all that are paid. Caller: slo.kpis.Kpis.
WITH
-- include: slo/invoice_moments
SELECT countIf(payments > 1) AS value, value AS numerator, count() AS denominator, NULL AS at_least
FROM invoices
WHERE payments > 0
