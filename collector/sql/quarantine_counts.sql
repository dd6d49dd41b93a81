-- Grain: one reason, integration, signal and status that any quarantined record has. Most records first.
-- Caller: collector.quarantine.QuarantineStore.counts.
WITH
-- include: collector/quarantine_held
SELECT reason, integration, signal, status, replayable, count() AS records
FROM held
WHERE
-- include: collector/quarantine_chosen
GROUP BY reason, integration, signal, status, replayable
ORDER BY records DESC, reason, integration, signal, status, replayable
