-- Grain: one request that has records in quarantine, with the reasons, most frequent first: how many records each, and the
-- offending value of one. A request stored twice counts once; what the correlator says of its events later is no rejection.
-- Caller: collector.landing.
SELECT
    request_id,
    sum(records) AS rejected,
    groupArray(tuple(reason, records, example)) AS reasons
FROM
(
    SELECT request_id, quarantined_at, reason::String AS reason, count() AS records, min(detail) AS example
    FROM quarantine
    WHERE request_id IN {request_ids:Array(String)} AND reason != 'conflicting_event'
    GROUP BY request_id, quarantined_at, reason
    ORDER BY records DESC, reason
)
GROUP BY request_id, quarantined_at
ORDER BY quarantined_at
LIMIT 1 BY request_id
