-- Grain: one order whose receipts and invoices do not balance: received minus invoiced, above zero awaiting an invoice, below
-- it goods. By quantity where every receipt and invoice of it states one; else by amount where each states one in one
-- currency; else by documents, and then only where one side has none. What is at stake is that share of the order.
-- Caller: slo.views.Views, by way of view_chosen.
WITH
    ['goods_receipt', 'invoice'] AS of_types,
    ['quantity'] AS names,
-- include: slo/order_moments
    ,
-- include: slo/order_papers
    ,
-- include: slo/said
    ,
    sides AS
    (
        SELECT
            p.root_id AS root_id,
            p.object_type = 'goods_receipt' AS is_receipt,
            p.told_at AS told_at,
            p.worth AS worth,
            p.money AS money,
            -- An invoice over several orders does not say how much is of which.
            if(orders_of > 1, NULL, toFloat64OrNull(said.told['quantity'])) AS quantity,
            orders_of > 1 AS is_shared
        FROM papers AS p
        LEFT JOIN said ON said.object_type = p.object_type AND said.object_id = p.object_id
    ),
    balances AS
    (
        SELECT
            root_id,
            countIf(quantity IS NULL) = 0 AS by_quantity,
            countIf(worth IS NULL OR is_shared) = 0 AND uniqExact(money) = 1 AS by_amount,
            multiIf(by_quantity, 'quantity', by_amount, 'amount', 'documents') AS basis,
            multiIf(by_quantity, ifNull(sumIf(quantity, is_receipt), 0), by_amount, ifNull(toFloat64(sumIf(worth, is_receipt)), 0), toFloat64(countIf(is_receipt))) AS received,
            multiIf(by_quantity, ifNull(sumIf(quantity, NOT is_receipt), 0), by_amount, ifNull(toFloat64(sumIf(worth, NOT is_receipt)), 0), toFloat64(countIf(NOT is_receipt))) AS invoiced,
            min(told_at) AS since
        FROM sides
        GROUP BY root_id
        HAVING if(basis = 'documents', received = 0 OR invoiced = 0, abs(received - invoiced) > 0.005)
    )
SELECT
    o.object_type, o.object_id, o.facility, o.supplier, o.department, o.spend_category, o.criticality, o.flow_type,
    CAST(o.amount * toDecimal64(abs(received - invoiced) / greatest(received, invoiced), 4) AS Nullable(Decimal(18, 4))) AS amount,
    o.currency AS currency,
    assumeNotNull(balances.since) AS since,
    CAST(NULL AS Nullable(DateTime64(6, 'UTC'))) AS due_at,
    if(received > invoiced, 'Supplier', 'Receiving') AS owner,
    if(received > invoiced, 'received and not invoiced', 'invoiced and not received') AS note,
    toString(balances.basis) AS basis,
    CAST(received AS Nullable(Float64)) AS received,
    CAST(invoiced AS Nullable(Float64)) AS invoiced
FROM orders AS o
INNER JOIN balances ON balances.root_id = o.object_id
WHERE o.cancelled_at IS NULL AND o.flow_type NOT IN ('consignment', 'two_way', 'bill_only', 'blanket', 'non_po')
