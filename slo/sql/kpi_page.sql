-- Grain: one item of one part of a KPI ({part}: numerator, denominator, lacking), the newest first, with the `total`;
-- {closed_only}: of what the figure is a median of, those alone that are finished.
-- Caller: slo.kpis.Kpis.items.
WITH
-- include: slo/kpi_chosen
SELECT
    object_type, object_id, facility, supplier, department, flow_type, who, note, at, amount, currency,
    counted > 0 AS in_numerator,
    count() OVER () AS total
FROM items
WHERE multiIf({part:String} = 'numerator', counted > 0, {part:String} = 'denominator', measured > 0 AND (counted > 0 OR NOT {closed_only:Bool}), counted = 0 AND measured = 0)
    AND ({by:String} = '' OR key = {key:String})
ORDER BY at DESC, object_type, object_id
LIMIT {limit:UInt64} OFFSET {after:UInt64}
