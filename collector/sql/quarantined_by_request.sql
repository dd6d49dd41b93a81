-- Grain: one request that has records in quarantine. A request stored twice counts once. Caller: collector.landing.
SELECT
    request_id,
    count() AS rejected,
    arrayStringConcat(arraySort(groupUniqArray(reason)), ', ') AS reasons,
    any(detail) AS example
FROM quarantine
WHERE request_id IN {request_ids:Array(String)}
GROUP BY request_id, quarantined_at
ORDER BY quarantined_at
LIMIT 1 BY request_id
