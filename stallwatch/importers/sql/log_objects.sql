-- Grain: one row for each sound object.
-- Caller: stallwatch/importers/staging.py
SELECT id, type FROM object ORDER BY id
