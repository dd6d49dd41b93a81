-- Grain: one cause signature: its blast radius. Caller: correlator.stalls.Stalls.groups.
WITH
-- include: correlator/stalls
    ,
    scoped AS
    (
        SELECT *, signature AS scope FROM stalls
    ),
-- include: correlator/stall_money
SELECT signature, any(cause) AS cause, argMin(cause_summary, key) AS summary, groupUniqArray(handoff) AS handoffs,
    count() AS stalled, sumMap(map(currency, money)) AS amounts,
    groupUniqArray(facility) AS facilities, groupUniqArray(criticality) AS criticalities, min(due_at) AS since,
    argMin(owner, key) AS owner, argMinIf(trace_id, key, trace_id != '') AS trace_id
FROM valued
GROUP BY signature
ORDER BY stalled DESC, signature
