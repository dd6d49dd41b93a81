-- Grain: one posted invoice: did nobody touch it from its receipt to its posting? A person is an actor that the rule of
-- {system_actors} does not call a system; events of {untouching} are no intervention. Invoices of which no event in
-- between states an actor lack what the KPI needs. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/invoice_moments
    ,
    acted AS
    (
        SELECT
            o.object_id AS object_id,
            groupArray((o.occurred_at, toString(o.event_type), e.actor)) AS acts
        FROM
        (
            SELECT DISTINCT object_id, occurred_at, event_type, integration, event_id
            FROM current_event_objects
            WHERE object_type = 'invoice' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
        ) AS o
        INNER JOIN
        (
            SELECT DISTINCT integration, event_id, actor
            FROM current_events
            WHERE actor != '' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                AND arrayExists(each -> each.1 = 'invoice', objects)
        ) AS e ON e.integration = o.integration AND e.event_id = o.event_id
        GROUP BY o.object_id
    )
SELECT
    i.*,
    arrayFilter(act -> act.1 >= begun_at AND act.1 <= assumeNotNull(posted_at), acted.acts) AS between,
    assumeNotNull(coalesce(received_at, self_billed_at)) AS begun_at,
    arraySort(arrayDistinct(arrayMap(act -> act.2, arrayFilter(
        act -> NOT has({untouching:Array(String)}, act.2) AND NOT match(act.3, {system_actors:String}), between)))) AS touched_by,
    toUInt64(notEmpty(between)) AS measured,
    toUInt64(measured > 0 AND empty(touched_by)) AS counted,
    if(empty(touched_by), '', concat('touched: ', arrayStringConcat(touched_by, ', '))) AS note
FROM invoices AS i
LEFT JOIN acted ON acted.object_id = i.object_id
WHERE coalesce(received_at, self_billed_at) IS NOT NULL AND posted_at IS NOT NULL AND posted_at >= coalesce(received_at, self_billed_at)
