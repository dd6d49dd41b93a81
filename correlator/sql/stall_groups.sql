-- Grain: one cause signature: its blast radius. What belongs to one journey names it; of what is shared all are looked up.
-- Caller: correlator.stalls.Stalls.groups.
WITH
-- include: correlator/stalls
    ,
    scoped AS
    (
        SELECT *, signature AS scope FROM stalls
    ),
-- include: correlator/stall_money
SELECT signature, any(cause) AS cause, argMin(cause_summary, key) AS summary, groupUniqArray(handoff) AS handoffs,
    countIf(is_first) AS stalled, sumMap(map(currency, money)) AS amounts,
    groupUniqArray(facility) AS facilities, groupUniqArray(criticality) AS criticalities, min(due_at) AS since,
    argMin(owner, key) AS owner, argMinIf(trace_id, key, trace_id != '') AS trace_id,
    uniqExactArrayIf(if(empty(shared.roots), [(valued.model::String, journey_type::String, journey_id)], shared.roots), is_first) AS touched,
    arraySlice(arrayDistinct(arrayFlatten(arrayMap(oldest -> oldest.2, groupArraySortedIf(20)((key, evidence), is_first)))), 1, 5) AS evidence
FROM valued
LEFT JOIN
(
    SELECT model, object_type, object_id, groupArray((model::String, root_type::String, root_id)) AS roots
    FROM object_journeys FINAL
    WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM overdue WHERE journeys > 1)
    GROUP BY model, object_type, object_id
) AS shared
    ON shared.model = valued.model AND shared.object_type = valued.object_type AND shared.object_id = valued.object_id
    AND valued.is_first -- of its rows, one of each journey, one looks them all up: not the square of them
GROUP BY signature
ORDER BY stalled DESC, signature
