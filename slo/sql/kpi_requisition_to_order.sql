-- Grain: one row: median days from requisition to purchase order, over journeys that have both. Caller: slo.kpis.Kpis.
WITH
-- include: slo/journey_moments
SELECT
    if(count() = 0, NULL, quantileExactInclusive(0.5)(dateDiff('microsecond', requested_at, ordered_at)) / 86400e6) AS value,
    NULL AS numerator,
    count() AS denominator,
    NULL AS at_least
FROM
(
    SELECT
        minIf(first_at, event_type = 'requisition.created') AS requested_at,
        minIf(first_at, event_type = 'purchase_order.created') AS ordered_at
    FROM moments
    WHERE event_type IN ('requisition.created', 'purchase_order.created')
    GROUP BY root_type, root_id
    HAVING uniqExact(event_type) = 2
)
WHERE ordered_at >= requested_at
