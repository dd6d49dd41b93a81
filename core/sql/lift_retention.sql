-- Grain: one table: from now on it keeps its rows for ever. Caller: core.retention.apply_retention.
ALTER TABLE {table:Identifier} REMOVE TTL
