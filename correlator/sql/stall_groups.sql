-- Grain: one cause signature: its blast radius. What belongs to several journeys touches them all. What is stalled comes from
-- stalls_reasoned or stalls_kept. Caller: correlator.stalls.
SELECT signature::String AS signature, any(cause) AS cause, argMin(cause_summary, key) AS summary, groupUniqArray(handoff) AS handoffs, count() AS stalled,
    groupUniqArray(facility) AS facilities, groupUniqArray(criticality) AS criticalities, min(due_at) AS since,
    argMin(owner, key) AS owner, argMinIf(trace_id, key, trace_id != '') AS trace_id,
    uniqExactArray(if(empty(parts), [(model::String, journey_type::String, journey_id)],
        arrayMap(part -> (model::String, part.1, part.2), parts))) AS touched,
    arraySlice(arrayDistinct(arrayFlatten(arrayMap(oldest -> oldest.2, groupArraySorted(20)((key, evidence))))), 1, 5) AS evidence
FROM
(
-- include: correlator/$source
)
GROUP BY signature
ORDER BY stalled DESC, signature
