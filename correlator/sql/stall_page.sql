-- Grain: one stalled handoff instance, in the asked order; `total` counts all that the filters let through.
-- Caller: correlator.stalls.Stalls.page, where causes choose or order.
WITH
-- include: correlator/stalls
SELECT *
FROM
(
    SELECT *, count() OVER () AS total,
        row_number() OVER (ORDER BY
            multiIf({sort:String} = 'amount', -toFloat64(ifNull(amount, 0)), {sort:String} = 'opened', toFloat64(toUnixTimestamp64Micro(opened_at)), 0),
            multiIf({sort:String} = 'facility', facility::String, {sort:String} = 'handoff', title, {sort:String} = 'cause', signature, ''),
            due_at, key) AS place
    FROM stalls
)
WHERE place > {after:UInt64}
ORDER BY place
LIMIT {limit:UInt64}
