-- Grain: one row: how much of a staged log is sound.
-- Caller: stallwatch/importers/staging.py
SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM object),
       (SELECT count(*) FROM event_object), (SELECT count(*) FROM object_object),
       (SELECT count(*) FROM object_object WHERE target_id NOT IN (SELECT id FROM object))
