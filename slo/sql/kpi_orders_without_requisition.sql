-- Grain: one order of {model} created by {as_of}, in a flow that expects the order first: has its journey no requisition of
-- which anything was told by then? Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/order_moments
SELECT
    *,
    toUInt64(object_id NOT IN
    (
        SELECT root_id
        FROM journey_members FINAL
        WHERE model = {model:String} AND is_gone = 0 AND root_type = 'purchase_order' AND object_type = 'requisition'
            AND object_id IN
            (
                SELECT object_id
                FROM current_event_objects
                WHERE object_type = 'requisition' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            )
    )) AS counted,
    toUInt64(1) AS measured,
    '' AS note
FROM orders
WHERE NOT has({ordered_after_use:Array(String)}, flow_type)
