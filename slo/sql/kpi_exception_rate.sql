-- Grain: one received invoice: was an exception raised on it by {as_of}? Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
SELECT
    *,
    toUInt64(raised_at IS NOT NULL) AS counted,
    toUInt64(1) AS measured,
    '' AS note
FROM invoices
WHERE received_at IS NOT NULL
