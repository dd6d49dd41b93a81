-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO object_object (seq, place, record, owner, source_id, target_id, qualifier) VALUES (?, ?, ?, ?, ?, ?, ?)
