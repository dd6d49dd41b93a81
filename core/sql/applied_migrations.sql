-- Grain: one row per applied migration. Caller: core.migrations.pending.
SELECT number, any(checksum) AS checksum FROM schema_migrations GROUP BY number ORDER BY number
