-- Grain: one quarantined record, newest first. A request that was stored twice (its answer was lost, and the service
-- restarted before the repeat) shows once: under the time it was first received.
-- Caller: collector.quarantine.QuarantineStore.page.
WITH
-- include: collector/quarantine_held
SELECT
    record_id, received_at AS quarantined_at, integration, signal, reason, detail, request_id, status, copies, replayable
FROM held
WHERE
-- include: collector/quarantine_chosen
ORDER BY quarantined_at DESC, record_id
LIMIT {limit:UInt32} OFFSET {offset:UInt64}
