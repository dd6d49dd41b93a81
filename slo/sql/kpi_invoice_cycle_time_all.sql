-- Grain: one row: median days from receipt to the first payment over paid and unpaid invoices. Caller: slo.kpis.Kpis.
WITH
-- include: slo/invoice_moments
    ,
    instances AS
    (
        SELECT
            [] AS keys,
            paid_at IS NOT NULL AS is_closed,
            ifNull(voided_at >= received_at, false) AND NOT is_closed AS is_cancelled,
            multiIf(is_closed, paid_at, is_cancelled, voided_at, {as_of:DateTime64(6, 'UTC')}) AS seen_until,
            dateDiff('microsecond', assumeNotNull(received_at), assumeNotNull(seen_until)) AS lasted_us,
            false AS is_good,
            false AS is_bad
        FROM invoices
        WHERE received_at IS NOT NULL AND (paid_at IS NULL OR paid_at >= received_at)
    ),
-- include: slo/survivals
SELECT
    minOrNullIf(lasted_us, closed_share >= 0.5 - 1e-9) / 86400e6 AS value,
    toUInt64(sum(closings)) AS numerator,
    sum(seen) AS denominator,
    if(value IS NULL AND denominator > 0, max(lasted_us) / 86400e6, NULL) AS at_least
FROM incidences
