-- Grain: one invoice with a discount for early payment that is decided: paid, or past the discount's last day by {as_of}. Its
-- amount is the discount. Those that state no discount lack what the KPI needs. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
    ['invoice'] AS of_types,
    ['discount', 'discount_until'] AS names,
-- include: slo/invoice_moments
    ,
-- include: slo/said
SELECT
    i.* REPLACE (toDecimal64OrNull(said.told['discount'], 4) AS amount),
    mapContains(said.ends_us, 'discount_until') AND toDecimal64OrNull(said.told['discount'], 4) IS NOT NULL AS has_discount,
    fromUnixTimestamp64Micro(said.ends_us['discount_until'], 'UTC') AS until,
    toUInt64(has_discount) AS measured,
    toUInt64(has_discount AND ifNull(paid_at <= until, false)) AS counted,
    multiIf(NOT has_discount, 'no discount stated', counted > 0, '', paid_at IS NULL, 'unpaid when it lapsed', 'paid after it lapsed') AS note
FROM invoices AS i
LEFT JOIN said ON said.object_id = i.object_id
WHERE coalesce(received_at, self_billed_at) IS NOT NULL
    AND (voided_at IS NULL OR paid_at IS NOT NULL)
    AND (NOT has_discount OR paid_at IS NOT NULL OR until < {as_of:DateTime64(6, 'UTC')})
