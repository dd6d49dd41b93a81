-- Grain: one stalled handoff instance, in the asked order, without its cause; `total` counts all that the filters let through.
-- Caller: correlator.stalls.Stalls.page, where causes neither choose nor order.
WITH
-- include: correlator/stalls_due
SELECT *, count() OVER () AS total
FROM stalled_by_then
ORDER BY
    multiIf({sort:String} = 'amount', -toFloat64(ifNull(amount, 0)), {sort:String} = 'opened', toFloat64(toUnixTimestamp64Micro(opened_at)), 0),
    multiIf({sort:String} = 'facility', facility::String, {sort:String} = 'handoff', title, ''),
    due_at, key
LIMIT {limit:UInt64} OFFSET {after:UInt64}
