-- Grain: one row for each type that a sound object has.
-- Caller: stallwatch/importers/staging.py
SELECT DISTINCT type FROM object ORDER BY type
