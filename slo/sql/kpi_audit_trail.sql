-- Grain: one paid invoice: is each step told that its flow expects before the payment? The order and its goods are looked
-- for in the invoice's journeys of {model}. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
    ,
    hanging AS
    (
        SELECT bill.object_id AS object_id, groupUniqArray(toString(e.event_type)) AS steps
        FROM
        (
            SELECT root_type, root_id, object_id
            FROM journey_members FINAL
            WHERE model = {model:String} AND is_gone = 0 AND object_type = 'invoice'
        ) AS bill
        INNER JOIN
        (
            SELECT root_type, root_id, object_type, object_id
            FROM journey_members FINAL
            WHERE model = {model:String} AND is_gone = 0 AND object_type IN ('purchase_order', 'goods_receipt')
        ) AS other ON other.root_type = bill.root_type AND other.root_id = bill.root_id
        INNER JOIN
        (
            SELECT DISTINCT object_type, object_id, event_type
            FROM current_event_objects
            WHERE event_type IN ('purchase_order.created', 'goods_receipt.posted') AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                AND object_type IN ('purchase_order', 'goods_receipt')
        ) AS e ON e.object_type = other.object_type AND e.object_id = other.object_id
        GROUP BY bill.object_id
    )
SELECT
    i.*,
    arrayFilter(step -> step != '', [
        if(received_at IS NULL AND self_billed_at IS NULL, 'receipt of the invoice', ''),
        if(flow_type != 'non_po' AND NOT has(steps, 'purchase_order.created'), 'order', ''),
        if(flow_type IN ('three_way', 'receipt_based', 'evaluated_receipt') AND NOT has(steps, 'goods_receipt.posted'), 'goods receipt', ''),
        if(flow_type != 'evaluated_receipt' AND matched_at IS NULL AND approved_at IS NULL, 'match or approval', ''),
        if(posted_at IS NULL, 'posting', ''),
        if(released_at IS NULL, 'release of the payment', '')
    ]) AS missing,
    toUInt64(empty(missing)) AS counted,
    toUInt64(1) AS measured,
    if(empty(missing), '', concat('not told: ', arrayStringConcat(missing, ', '))) AS note
FROM invoices AS i
LEFT JOIN hanging ON hanging.object_id = i.object_id
WHERE paid_at IS NOT NULL
