-- Grain: one invoice with an amount: counted where it is owed at {as_of}, measured where it came in {purchase_days} days
-- before; those without an amount lack what the KPI needs. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
SELECT
    *,
    coalesce(received_at, self_billed_at) AS owed_since,
    amount IS NOT NULL AS is_told,
    toUInt64(is_told AND paid_at IS NULL) AS counted,
    toUInt64(is_told AND assumeNotNull(owed_since) > {as_of:DateTime64(6, 'UTC')} - toIntervalDay({purchase_days:UInt32})) AS measured,
    if(counted > 0, 'owed', '') AS note
FROM invoices
WHERE owed_since IS NOT NULL AND voided_at IS NULL
    AND (paid_at IS NULL OR owed_since > {as_of:DateTime64(6, 'UTC')} - toIntervalDay({purchase_days:UInt32}))
