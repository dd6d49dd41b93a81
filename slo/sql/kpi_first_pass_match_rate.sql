-- Grain: one matched invoice of a flow that expects a receipt: was an exception raised on it before?
-- Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
SELECT
    *,
    toUInt64(raised_at IS NULL OR raised_at > matched_at) AS counted,
    toUInt64(1) AS measured,
    if(counted > 0, '', 'an exception was raised before its match') AS note
FROM invoices
WHERE matched_at IS NOT NULL AND flow_type IN ('', 'three_way', 'receipt_based')
