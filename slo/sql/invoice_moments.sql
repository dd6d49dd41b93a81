    -- Grain: one invoice, with the first of each moment up to {as_of}, as `invoices`. A dimension is what the invoice's
    -- own events state first, else the earliest other event that touches it; the amount is what they state last. Payments
    -- are told apart by event, for one payment id executed twice is two payments.
    -- Caller: included by the kpi queries on invoices, and by the views of invoices.
    invoices AS
    (
        SELECT
            'invoice' AS object_type,
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
                min(occurred_at) AS at,
                minOrNullIf(occurred_at, event_type = 'invoice.received') AS received_at,
                minOrNullIf(occurred_at, event_type = 'invoice.self_billed') AS self_billed_at,
                minOrNullIf(occurred_at, event_type = 'invoice.matched') AS matched_at,
                minOrNullIf(occurred_at, event_type = 'invoice.approved') AS approved_at,
                minOrNullIf(occurred_at, event_type = 'invoice.posted') AS posted_at,
                minOrNullIf(occurred_at, event_type = 'invoice.voided') AS voided_at,
                maxOrNullIf(occurred_at, event_type = 'invoice.payment_blocked') AS blocked_at,
                maxOrNullIf(occurred_at, event_type = 'invoice.payment_unblocked') AS unblocked_at,
                minOrNullIf(occurred_at, event_type = 'exception.raised') AS raised_at,
                minOrNullIf(occurred_at, event_type = 'payment.released') AS released_at,
                minOrNullIf(occurred_at, event_type = 'payment.executed') AS paid_at,
                uniqExactIf((integration, event_id), event_type = 'payment.executed') AS payments,
                argMinIf(toString(facility), (NOT is_subject, occurred_at, event_id), facility != '') AS in_facility,
                argMinIf(toString(supplier), (NOT is_subject, occurred_at, event_id), supplier != '') AS of_supplier,
                argMinIf(toString(department), (NOT is_subject, occurred_at, event_id), department != '') AS for_department,
                argMinIf(toString(spend_category), (NOT is_subject, occurred_at, event_id), spend_category != '') AS spent_on,
                argMinIf(toString(criticality), (NOT is_subject, occurred_at, event_id), criticality != '') AS how_critical,
                argMinIf(toString(flow_type), (NOT is_subject, occurred_at, event_id), flow_type != '') AS flow,
                argMaxIf(amount, (occurred_at, event_id), is_subject AND amount IS NOT NULL) AS worth,
                argMaxIf(toString(currency), (occurred_at, event_id), is_subject AND currency != '') AS money
            FROM current_event_objects
            WHERE object_type = 'invoice' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            GROUP BY object_id
        )
    )
