-- Grain: one approval that was asked for by {as_of}, open ones still running. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/kpi_promises
    ,
-- include: slo/approvals
SELECT
    *,
    toUInt64(is_closed) AS counted,
    toUInt64(1) AS measured,
    concat(multiIf(is_closed, 'approved after ', is_cancelled, 'given up after ', 'waits for '),
           toString(round(lasted_us / 86400e6, 1)), ' days') AS note
FROM approvals
