-- Grain: one invoice that is not voided and whose payment is decided: paid, or past its due date by {as_of}; those that no
-- event gives a due date lack what the KPI needs. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
    ['invoice'] AS of_types,
    ['due_date'] AS names,
-- include: slo/invoice_moments
    ,
-- include: slo/said
SELECT
    i.*,
    mapContains(said.ends_us, 'due_date') AS has_due,
    fromUnixTimestamp64Micro(said.ends_us['due_date'], 'UTC') AS due_at,
    toUInt64(has_due) AS measured,
    toUInt64(has_due AND ifNull(paid_at <= due_at, false)) AS counted,
    multiIf(
        NOT has_due, 'no due date', counted > 0, '', paid_at IS NULL, concat('unpaid, due ', toString(toDate(due_at - 1))),
        concat('paid ', toString(ceil((toUnixTimestamp64Micro(assumeNotNull(paid_at)) - said.ends_us['due_date']) / 86400e6)), ' days after it was due')) AS note
FROM invoices AS i
LEFT JOIN said ON said.object_id = i.object_id
WHERE coalesce(received_at, self_billed_at) IS NOT NULL
    AND (voided_at IS NULL OR paid_at IS NOT NULL)
    AND (NOT has_due OR paid_at IS NOT NULL OR due_at < {as_of:DateTime64(6, 'UTC')})
