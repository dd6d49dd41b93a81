    -- Grain: one goods receipt that stands at {as_of}, or one invoice that is not voided, in one journey of {model} that is
    -- rooted at an order, as `papers`. What it states of its quantity is read where `of_types` and `names` ask for it.
    -- Caller: included by view_unmatched_receipts and view_gr_ir_balance.
    papers AS
    (
        SELECT
            member.root_id AS root_id, paper.object_type AS object_type, paper.object_id AS object_id,
            told_at, matched_at, unmatched_at, in_facility, worth, money
        FROM
        (
            SELECT root_id, toString(object_type) AS object_type, object_id
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
    )
