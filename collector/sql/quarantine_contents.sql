-- Grain: one of the records {ids}, first received from {received_from} to {received_to}, with its content.
-- Caller: collector.quarantine.QuarantineStore.
SELECT record_id, any(q.record) AS record
FROM quarantine AS q
WHERE record_id IN {ids:Array(String)}
  AND q.quarantined_at BETWEEN {received_from:DateTime64(6, 'UTC')} AND {received_to:DateTime64(6, 'UTC')}
GROUP BY record_id
