-- Grain: takes every staged row that was found broken out of the sound ones.
-- Caller: stallwatch/importers/staging.py
DELETE FROM event WHERE seq IN (SELECT seq FROM broken);
DELETE FROM event_detail WHERE seq IN (SELECT seq FROM broken);
DELETE FROM object WHERE seq IN (SELECT seq FROM broken);
DELETE FROM object_value WHERE seq IN (SELECT seq FROM broken);
DELETE FROM event_object WHERE seq IN (SELECT seq FROM broken);
DELETE FROM object_object WHERE seq IN (SELECT seq FROM broken);
