-- Grain: one order created by {as_of}: does it state a contract? `none` states that there is none; orders that say nothing
-- of it lack what the KPI needs. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
    ['purchase_order'] AS of_types,
    ['contract'] AS names,
-- include: slo/order_moments
    ,
-- include: slo/said
SELECT
    o.*,
    trimBoth(said.told['contract']) AS contract,
    toUInt64(contract != '') AS measured,
    toUInt64(measured > 0 AND lowerUTF8(contract) != 'none') AS counted,
    contract AS note
FROM orders AS o
LEFT JOIN said ON said.object_id = o.object_id
WHERE cancelled_at IS NULL
