-- Grain: one goods receipt that stands, over whose order no invoice is matched, in a flow that bills the order. Whose move:
-- of accounts payable where an invoice has come, else of the supplier. Caller: slo.views.Views, by way of view_chosen.
WITH
-- include: slo/order_moments
    ,
-- include: slo/order_papers
    ,
    by_order AS
    (
        SELECT
            root_id,
            groupArrayIf((object_id, assumeNotNull(told_at), worth, money, in_facility), object_type = 'goods_receipt') AS receipts,
            countIf(object_type = 'invoice' AND matched_at IS NOT NULL AND (unmatched_at IS NULL OR unmatched_at < matched_at)) AS matched,
            minIf(object_id, object_type = 'invoice') AS bill
        FROM papers
        GROUP BY root_id
        HAVING matched = 0 AND notEmpty(receipts)
    )
SELECT
    'goods_receipt' AS object_type,
    receipt.1 AS object_id,
    if(receipt.5 != '', receipt.5, o.facility) AS facility,
    o.supplier AS supplier, o.department AS department, o.spend_category AS spend_category, o.criticality AS criticality,
    o.flow_type AS flow_type,
    receipt.3 AS amount,
    receipt.4 AS currency,
    receipt.2 AS since,
    CAST(NULL AS Nullable(DateTime64(6, 'UTC'))) AS due_at,
    if(bill = '', 'Supplier', 'Accounts payable') AS owner,
    concat('order ', o.object_id, if(bill = '', ': no invoice has come', concat(': invoice ', bill, ' is not matched'))) AS note,
    '' AS basis,
    CAST(NULL AS Nullable(Float64)) AS received,
    CAST(NULL AS Nullable(Float64)) AS invoiced
FROM orders AS o
INNER JOIN (SELECT root_id, bill, arrayJoin(receipts) AS receipt FROM by_order) AS open ON open.root_id = o.object_id
WHERE o.flow_type NOT IN ('consignment', 'two_way', 'bill_only', 'blanket', 'non_po')
LIMIT 1 BY object_id
