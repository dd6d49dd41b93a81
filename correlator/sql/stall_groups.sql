-- Grain: one cause signature: its blast radius. What belongs to one journey names it; of what is shared all are looked up.
-- Caller: correlator.stalls.Stalls.groups.
SELECT signature, any(cause) AS cause, argMin(cause_summary, key) AS summary, groupUniqArray(handoff) AS handoffs, count() AS stalled,
    groupUniqArray(facility) AS facilities, groupUniqArray(criticality) AS criticalities, min(due_at) AS since,
    argMin(owner, key) AS owner, argMinIf(trace_id, key, trace_id != '') AS trace_id,
    uniqExactArray(if(empty(shared.roots), [(stall.model::String, stall.journey_type::String, stall.journey_id)], shared.roots)) AS touched,
    arraySlice(arrayDistinct(arrayFlatten(arrayMap(oldest -> oldest.2, groupArraySorted(20)((key, evidence))))), 1, 5) AS evidence
FROM stalled_judged AS stall
LEFT JOIN
(
    SELECT model, object_type, object_id, groupArray((model::String, root_type::String, root_id)) AS roots
    FROM stalled_shared
    GROUP BY model, object_type, object_id
) AS shared
    ON shared.model = stall.model AND shared.object_type = stall.object_type AND shared.object_id = stall.object_id
GROUP BY signature
ORDER BY stalled DESC, signature
