-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id) VALUES (?, ?, ?, ?, ?, ?)
