-- Grain: one row for each broken row in the order read; -1 as the limit means all.
-- Caller: stallwatch/importers/staging.py
SELECT place, reason, record, event_id, object_id FROM broken
WHERE consequence <= :consequences
ORDER BY seq
LIMIT :limit
