-- Grain: one row for each moment that attributes of one object hold from.
-- Caller: stallwatch/importers/staging.py
SELECT type, time, attributes FROM object_value WHERE id = :id ORDER BY time, seq
