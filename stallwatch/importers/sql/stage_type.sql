-- Grain: one staged row.
-- Caller: stallwatch/importers/staging.py
INSERT INTO type (scope, name) VALUES (?, ?)
