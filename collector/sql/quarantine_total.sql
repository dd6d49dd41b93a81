-- Grain: one row: how many records are in quarantine, repeats apart. Caller: collector.quarantine.QuarantineStore.page.
WITH
-- include: collector/quarantine_held
SELECT count() AS total
FROM held
WHERE
-- include: collector/quarantine_chosen
