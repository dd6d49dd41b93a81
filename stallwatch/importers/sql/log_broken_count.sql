-- Grain: one row: how many rows are broken.
-- Caller: stallwatch/importers/staging.py
SELECT count(*) FROM broken WHERE consequence <= :consequences
