-- Grain: one row if any migration ever ran here, else none. Caller: core.migrations.pending.
SELECT 1 AS found FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'
