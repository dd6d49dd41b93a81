-- Grain: one row: executed payments beyond the first of each invoice, of all payments of invoices. Caller: slo.kpis.Kpis.
WITH
-- include: slo/invoice_moments
SELECT sum(payments - 1) AS value, value AS numerator, sum(payments) AS denominator, NULL AS at_least
FROM invoices
WHERE payments > 0
