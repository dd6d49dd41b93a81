    -- Grain: one invoice, with the first of each moment up to {as_of}, as `invoices`. A dimension is what the invoice's
    -- own events state first, else the earliest other event that touches it. Payments are told apart by event, for one
    -- payment id executed twice is two payments. Caller: included by the kpi queries on invoices.
    invoices AS
    (
        SELECT *
        FROM
        (
            SELECT
                object_id AS invoice,
                minOrNullIf(occurred_at, event_type = 'invoice.received') AS received_at,
                minOrNullIf(occurred_at, event_type = 'invoice.matched') AS matched_at,
                minOrNullIf(occurred_at, event_type = 'invoice.voided') AS voided_at,
                minOrNullIf(occurred_at, event_type = 'exception.raised') AS raised_at,
                minOrNullIf(occurred_at, event_type = 'payment.executed') AS paid_at,
                uniqExactIf((integration, event_id), event_type = 'payment.executed') AS payments,
                argMinIf(toString(facility), (NOT is_subject, occurred_at, event_id), facility != '') AS in_facility,
                argMinIf(toString(supplier), (NOT is_subject, occurred_at, event_id), supplier != '') AS of_supplier,
                argMinIf(toString(department), (NOT is_subject, occurred_at, event_id), department != '') AS for_department,
                argMinIf(toString(spend_category), (NOT is_subject, occurred_at, event_id), spend_category != '') AS spent_on,
                argMinIf(toString(criticality), (NOT is_subject, occurred_at, event_id), criticality != '') AS how_critical,
                argMinIf(toString(flow_type), (NOT is_subject, occurred_at, event_id), flow_type != '') AS flow
            FROM current_event_objects
            WHERE object_type = 'invoice' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            GROUP BY object_id
        )
        WHERE (empty({facility:Array(String)}) OR has({facility:Array(String)}, in_facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, of_supplier))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, for_department))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spent_on))
            AND (empty({criticality:Array(String)}) OR hasAny({criticality:Array(String)}, [how_critical, if(how_critical IN ('clinical-critical', 'low'), how_critical, 'standard')]))
    )
