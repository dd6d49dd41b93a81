-- Grain: one row for each column of a table of the SQLite form, with its declared type.
-- Caller: stallwatch/importers/forms/sqlite_tables.py
SELECT name, upper(type) AS type FROM pragma_table_info(:table)
