-- Grain: one quarantined record, newest first. A request that was stored twice (its answer was lost, and the service
-- restarted before the repeat) shows once: under the time it was first received.
-- Caller: collector.quarantine.QuarantineStore.page.
SELECT quarantined_at, integration, signal, reason, detail, record, request_id
FROM quarantine
WHERE (request_id, quarantined_at) IN (SELECT request_id, min(quarantined_at) FROM quarantine GROUP BY request_id)
  AND (empty({integration:Array(String)}) OR integration IN {integration:Array(String)})
ORDER BY quarantined_at DESC, request_id, reason, detail, record
LIMIT {limit:UInt32} OFFSET {offset:UInt64}
