-- Grain: one row: how many records are in quarantine, repeats apart. Caller: collector.quarantine.QuarantineStore.page.
SELECT count() AS total
FROM quarantine
WHERE (request_id, quarantined_at) IN (SELECT request_id, min(quarantined_at) FROM quarantine GROUP BY request_id)
  AND (empty({integration:Array(String)}) OR integration IN {integration:Array(String)})
