-- Grain: one age bucket of one combination of group values, over the exceptions open at {as_of}, each
-- once, whichever of {resolutions}, the handoffs that await its resolution, since the first of them that is open
-- began. Sparse: no empty buckets. The reason is that of the newest exception.raised by then. Caller: slo.aging.Aging.
WITH
    open_exceptions AS
    (
        SELECT *
        FROM {handoffs:Identifier} FINAL
        WHERE object_type = 'exception'
            AND (model, handoff) IN {resolutions:Array(Tuple(String, String))}
            AND is_gone = 0
            AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
            AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
            AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
-- include: core/chosen_criticality
            AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff))
        ORDER BY first_opened_at, model, handoff
        LIMIT 1 BY object_id
    ),
    reasons AS
    (
        SELECT object_type, object_id, argMax(toString(reason), (occurred_at, event_id)) AS reason
        FROM current_event_objects
        WHERE event_type = 'exception.raised'
            AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            AND (object_type, object_id) IN (SELECT object_type, object_id FROM open_exceptions)
        GROUP BY object_type, object_id
    ),
    aged AS
    (
        SELECT
            arrayLastIndex(
                bound -> toUnixTimestamp64Micro({as_of:DateTime64(6, 'UTC')}) - toUnixTimestamp64Micro(first_opened_at)
                    >= bound * 86400000000,
                {bounds:Array(Float64)}
            ) AS bucket,
            arrayMap(name -> multiIf(
                name = 'facility', toString(facility),
                name = 'reason', reasons.reason,
                name = 'supplier', toString(supplier),
                name = 'spend_category', toString(spend_category),
                name = 'department', toString(department),
                name = 'owner', transform(toString(handoff), {owned:Array(String)}, {owners:Array(String)}, ''),
                toString(criticality)
            ), {group_by:Array(String)}) AS keys,
            if(amount IS NULL, '', toString(currency)) AS money,
            amount
        FROM open_exceptions AS o
        LEFT JOIN reasons ON reasons.object_type = o.object_type AND reasons.object_id = o.object_id
    )
SELECT
    keys,
    bucket,
    sum(exceptions) AS exceptions,
    groupArrayIf((money, assumeNotNull(at_risk)), at_risk IS NOT NULL) AS amounts
FROM
(
    SELECT keys, bucket, money, count() AS exceptions, sum(amount) AS at_risk
    FROM aged
    GROUP BY keys, bucket, money
    ORDER BY money
)
GROUP BY keys, bucket
ORDER BY bucket, keys
