-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO event_object (seq, place, record, owner, event_id, object_id, qualifier) VALUES (?, ?, ?, ?, ?, ?, ?)
