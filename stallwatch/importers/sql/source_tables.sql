-- Grain: one row for each table or view of the SQLite form.
-- Caller: stallwatch/importers/forms/sqlite_tables.py
SELECT name FROM sqlite_master WHERE type IN ('table', 'view')
