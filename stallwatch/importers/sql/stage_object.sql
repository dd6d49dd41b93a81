-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO object (seq, place, record, id, type) VALUES (?, ?, ?, ?, ?)
