-- Grain: one received invoice, from its receipt to its first payment. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
SELECT
    *,
    paid_at IS NOT NULL AS is_closed,
    ifNull(voided_at >= received_at, false) AND NOT is_closed AS is_cancelled,
    multiIf(is_closed, paid_at, is_cancelled, voided_at, {as_of:DateTime64(6, 'UTC')}) AS seen_until,
    dateDiff('microsecond', assumeNotNull(received_at), assumeNotNull(seen_until)) AS lasted_us,
    toUInt64(is_closed) AS counted,
    toUInt64(1) AS measured,
    concat(multiIf(is_closed, 'paid after ', is_cancelled, 'voided after ', 'open for '),
           toString(round(lasted_us / 86400e6, 1)), ' days') AS note
FROM invoices
WHERE received_at IS NOT NULL AND (paid_at IS NULL OR paid_at >= received_at)
