-- Grain: one quarantined record without its content. Caller: collector.quarantine.QuarantineStore.record.
WITH
-- include: collector/quarantine_held
SELECT
    record_id, received_at AS quarantined_at, integration, signal, reason, detail, request_id, status, copies, replayable, first_reason
FROM held
