    -- Grain: one goods receipt that stands at {as_of}, or one invoice that is not voided, in one journey of {model} that is
    -- rooted at an order, as `papers`. What it states of its quantity is read where `of_types` and `names` ask for it.
    -- `orders_of`: over how many orders it is. A reversal that names no receipt, or one that was not posted by then, undoes all that the
    -- orders which it names had till then, as it does for handoffs (docs/models.md).
    -- Caller: included by view_unmatched_receipts and view_gr_ir_balance.
    undone_orders AS
    (
        SELECT arrayJoin(orders) AS order_id, max(reversed_at) AS reversed_at
        FROM
        (
            SELECT any(told.occurred_at) AS reversed_at, groupArrayIf(told.object_id, told.object_type = 'purchase_order') AS orders
            FROM
            (
                SELECT toString(object_type) AS object_type, object_id, occurred_at, integration, event_id
                FROM current_event_objects
                WHERE object_type IN ('purchase_order', 'goods_receipt') AND event_type = 'goods_receipt.reversed'
                    AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            ) AS told
            LEFT JOIN
            (
                SELECT object_id, minOrNull(occurred_at) AS at
                FROM current_event_objects
                WHERE object_type = 'goods_receipt' AND event_type = 'goods_receipt.posted' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                GROUP BY object_id
            ) AS first_posted ON first_posted.object_id = told.object_id
            GROUP BY told.integration, told.event_id
            HAVING countIf(told.object_type = 'goods_receipt') = 0
                OR countIf(told.object_type = 'goods_receipt' AND ifNull(told.occurred_at < first_posted.at, true)) > 0
        )
        GROUP BY order_id
    ),
    papers AS
    (
        SELECT
            member.root_id AS root_id, paper.object_type AS object_type, paper.object_id AS object_id, orders_of,
            told_at, matched_at, unmatched_at, in_facility, worth, money
        FROM
        (
            SELECT root_id, toString(object_type) AS object_type, object_id,
                count() OVER (PARTITION BY object_type, object_id) AS orders_of
            FROM journey_members FINAL
            WHERE model = {model:String} AND is_gone = 0 AND root_type = 'purchase_order' AND object_type IN ('goods_receipt', 'invoice')
        ) AS member
        INNER JOIN
        (
            SELECT
                toString(object_type) AS object_type,
                object_id,
                minOrNullIf(occurred_at, event_type IN ('goods_receipt.posted', 'invoice.received', 'invoice.self_billed')) AS told_at,
                maxOrNullIf(occurred_at, event_type = 'goods_receipt.posted') AS posted_at,
                maxOrNullIf(occurred_at, event_type IN ('goods_receipt.reversed', 'invoice.voided')) AS undone_at,
                maxOrNullIf(occurred_at, event_type IN ('invoice.matched', 'invoice.self_billed')) AS matched_at,
                maxOrNullIf(occurred_at, event_type = 'invoice.unmatched') AS unmatched_at,
                argMinIf(toString(facility), (occurred_at, event_id), facility != '') AS in_facility,
                argMaxIf(amount, (occurred_at, event_id), amount IS NOT NULL) AS worth,
                argMaxIf(toString(currency), (occurred_at, event_id), currency != '') AS money
            FROM current_event_objects
            WHERE object_type IN ('goods_receipt', 'invoice') AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                AND startsWith(toString(event_type), concat(toString(object_type), '.'))
            GROUP BY object_type, object_id
            HAVING told_at IS NOT NULL AND (undone_at IS NULL OR ifNull(posted_at > undone_at, false))
        ) AS paper ON paper.object_type = member.object_type AND paper.object_id = member.object_id
        LEFT JOIN undone_orders ON undone_orders.order_id = member.root_id
        WHERE member.object_type = 'invoice' OR paper.posted_at > undone_orders.reversed_at
    )
