-- Grain: one unpaid invoice that is blocked for payment or has an open exception ({promises}), since the first of the two.
-- Whose move: of the oldest open exception, else of who blocked it. Caller: slo.views.Views, by way of view_chosen.
WITH
-- include: slo/invoice_moments
    ,
-- include: slo/open_handoffs
    ,
    excepted AS
    (
        SELECT
            parent_id AS object_id,
            min((waiting.since, waiting.object_id, waiting.owner)) AS oldest,
            uniqExact(waiting.object_id) AS exceptions
        FROM waiting
        INNER JOIN
        (
            SELECT model, child_id, parent_id FROM current_links WHERE child_type = 'exception' AND parent_type = 'invoice'
        ) AS link ON toString(link.model) = waiting.of_model AND link.child_id = waiting.object_id
        WHERE waiting.object_type = 'exception'
        GROUP BY parent_id
    )
SELECT
    i.object_type, i.object_id, i.facility, i.supplier, i.department, i.spend_category, i.criticality, i.flow_type,
    i.amount, i.currency,
    ifNull(blocked_at > unblocked_at, blocked_at IS NOT NULL) AS is_blocked,
    multiIf(excepted.exceptions = 0, assumeNotNull(blocked_at), is_blocked, least(assumeNotNull(blocked_at), excepted.oldest.1),
            excepted.oldest.1) AS since,
    CAST(NULL AS Nullable(DateTime64(6, 'UTC'))) AS due_at,
    if(excepted.exceptions = 0, 'Accounts payable', excepted.oldest.3) AS owner,
    arrayStringConcat(arrayFilter(said -> said != '', [
        if(is_blocked, 'blocked for payment', ''),
        multiIf(excepted.exceptions = 0, '', excepted.exceptions = 1, concat('exception ', excepted.oldest.2),
                concat('exception ', excepted.oldest.2, ' and ', toString(excepted.exceptions - 1), ' more'))
    ]), '; ') AS note,
    '' AS basis,
    CAST(NULL AS Nullable(Float64)) AS received,
    CAST(NULL AS Nullable(Float64)) AS invoiced
FROM invoices AS i
LEFT JOIN excepted ON excepted.object_id = i.object_id
WHERE i.paid_at IS NULL AND i.voided_at IS NULL AND (is_blocked OR excepted.exceptions > 0)
