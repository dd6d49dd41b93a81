-- Grain: none. Caller: core.migrating.
DROP TABLE IF EXISTS migrating SYNC
