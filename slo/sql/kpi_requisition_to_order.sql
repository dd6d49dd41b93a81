-- Grain: one journey of {model} with a requisition, from its first requisition.created to its first
-- purchase_order.created; provisional ones wait for their order. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
    requested AS
    (
        SELECT
            member.root_type AS root_type,
            member.root_id AS root_id,
            minOrNullIf(e.occurred_at, e.event_type = 'requisition.created') AS requested_at,
            minOrNullIf(e.occurred_at, e.event_type = 'purchase_order.created') AS ordered_at,
            maxOrNullIf(e.occurred_at, e.event_type IN ('requisition.rejected', 'requisition.cancelled')) AS given_up_at
        FROM
        (
            SELECT root_type, root_id, object_type, object_id
            FROM journey_members FINAL
            WHERE model = {model:String} AND is_gone = 0 AND object_type IN ('requisition', 'purchase_order')
        ) AS member
        INNER JOIN
        (
            SELECT object_type, object_id, event_type, occurred_at
            FROM current_event_objects
            WHERE object_type IN ('requisition', 'purchase_order') AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                AND event_type IN ('requisition.created', 'requisition.rejected', 'requisition.cancelled', 'purchase_order.created')
                AND startsWith(toString(event_type), concat(toString(object_type), '.'))
        ) AS e ON e.object_type = member.object_type AND e.object_id = member.object_id
        GROUP BY root_type, root_id
    )
SELECT
    toString(j.root_type) AS object_type,
    j.root_id AS object_id,
    j.facility, j.supplier, j.department, j.spend_category, j.criticality, j.flow_type, j.amount, j.currency,
    '' AS who,
    requested_at AS at,
    ordered_at IS NOT NULL AND NOT j.provisional AS is_closed,
    given_up_at IS NOT NULL AND NOT is_closed AS is_cancelled,
    multiIf(is_closed, ordered_at, is_cancelled, given_up_at, {as_of:DateTime64(6, 'UTC')}) AS seen_until,
    dateDiff('microsecond', assumeNotNull(requested_at), assumeNotNull(seen_until)) AS lasted_us,
    toUInt64(is_closed) AS counted,
    toUInt64(1) AS measured,
    concat(multiIf(is_closed, 'ordered after ', is_cancelled, 'given up after ', 'open for '),
           toString(round(lasted_us / 86400e6, 1)), ' days') AS note
FROM requested
INNER JOIN (SELECT * FROM journeys FINAL WHERE model = {model:String} AND is_gone = 0) AS j
    ON j.root_type = requested.root_type AND j.root_id = requested.root_id
WHERE requested_at IS NOT NULL AND (ordered_at IS NULL OR ordered_at >= requested_at)
