-- Grain: one row for each row of a table of the SQLite form, in the table's order. {table} is a quoted identifier.
-- Caller: stallwatch/importers/forms/sqlite_tables.py
SELECT * FROM {table}
