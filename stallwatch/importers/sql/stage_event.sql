-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO event (seq, place, record, id, type) VALUES (?, ?, ?, ?, ?)
