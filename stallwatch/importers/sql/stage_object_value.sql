-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO object_value (seq, place, record, owner, id, type, time, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
