-- Grain: one paid invoice, with its executed payments beyond the first. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
SELECT
    *,
    toUInt64(payments - 1) AS counted,
    toUInt64(payments) AS measured,
    if(payments > 1, concat(toString(payments), ' payments executed'), '') AS note
FROM invoices
WHERE payments > 0
