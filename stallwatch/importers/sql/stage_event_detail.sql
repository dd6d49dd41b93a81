-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO event_detail (seq, place, record, owner, id, type, time, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
