    -- Grain: one purchase order that was created by {as_of}, with what its own events state first, as `orders`; its amount
    -- is what they state last. Caller: included by the kpi queries on orders, and by the views of orders.
    orders AS
    (
        SELECT
            'purchase_order' AS object_type,
            * EXCEPT (in_facility, of_supplier, for_department, spent_on, how_critical, flow, worth, money),
            in_facility AS facility,
            of_supplier AS supplier,
            for_department AS department,
            spent_on AS spend_category,
            how_critical AS criticality,
            flow AS flow_type,
            worth AS amount,
            money AS currency,
            '' AS who
        FROM
        (
            SELECT
                object_id,
                minOrNullIf(occurred_at, event_type = 'purchase_order.created') AS at,
                minOrNullIf(occurred_at, event_type = 'purchase_order.cancelled') AS cancelled_at,
                argMinIf(toString(facility), (NOT is_subject, occurred_at, event_id), facility != '') AS in_facility,
                argMinIf(toString(supplier), (NOT is_subject, occurred_at, event_id), supplier != '') AS of_supplier,
                argMinIf(toString(department), (NOT is_subject, occurred_at, event_id), department != '') AS for_department,
                argMinIf(toString(spend_category), (NOT is_subject, occurred_at, event_id), spend_category != '') AS spent_on,
                argMinIf(toString(criticality), (NOT is_subject, occurred_at, event_id), criticality != '') AS how_critical,
                argMinIf(toString(flow_type), (NOT is_subject, occurred_at, event_id), flow_type != '') AS flow,
                argMaxIf(amount, (occurred_at, event_id), is_subject AND amount IS NOT NULL) AS worth,
                argMaxIf(toString(currency), (occurred_at, event_id), is_subject AND currency != '') AS money
            FROM current_event_objects
            WHERE object_type = 'purchase_order' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            GROUP BY object_id
        )
        WHERE at IS NOT NULL
    )
