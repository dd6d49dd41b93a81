-- Grain: one table: parts stored under another retention learn of the one in force, in the background.
-- Caller: core.retention.apply_retention, right after set_retention.
ALTER TABLE {table:Identifier} MATERIALIZE TTL
