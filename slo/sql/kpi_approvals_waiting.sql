-- Grain: one approval that was asked for by {as_of}: does it wait? Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/kpi_promises
    ,
-- include: slo/approvals
SELECT
    *,
    toUInt64(NOT is_closed AND NOT is_cancelled) AS counted,
    toUInt64(1) AS measured,
    if(counted > 0, concat('waits for ', toString(round(lasted_us / 86400e6, 1)), ' days'), '') AS note
FROM approvals
