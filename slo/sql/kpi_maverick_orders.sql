-- Grain: one order of {model} that was invoiced by {as_of}, in a flow that expects the order first: was it created after
-- the first invoice over it? An invoice is of its document date, to that date's end, else of its receipt.
-- Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
    ['invoice'] AS of_types,
    ['document_date'] AS names,
-- include: slo/order_moments
    ,
-- include: slo/said
    ,
    invoiced AS
    (
        SELECT
            member.root_id AS root_id,
            min((if(mapContains(said.ends_us, 'document_date'),
                    least(said.ends_us['document_date'], bill.received_us), bill.received_us), bill.object_id)) AS first_bill
        FROM
        (
            SELECT root_id, object_id
            FROM journey_members FINAL
            WHERE model = {model:String} AND is_gone = 0 AND root_type = 'purchase_order' AND object_type = 'invoice'
        ) AS member
        INNER JOIN
        (
            SELECT object_id, toUnixTimestamp64Micro(min(occurred_at)) AS received_us
            FROM current_event_objects
            WHERE object_type = 'invoice' AND event_type = 'invoice.received' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            GROUP BY object_id
        ) AS bill ON bill.object_id = member.object_id
        LEFT JOIN said ON said.object_id = member.object_id
        GROUP BY root_id
    )
SELECT
    o.*,
    toUInt64(toUnixTimestamp64Micro(assumeNotNull(o.at)) > invoiced.first_bill.1) AS counted,
    toUInt64(1) AS measured,
    if(counted > 0, concat('created after invoice ', invoiced.first_bill.2), '') AS note
FROM orders AS o
INNER JOIN invoiced ON invoiced.root_id = o.object_id
WHERE NOT has({ordered_after_use:Array(String)}, o.flow_type)
