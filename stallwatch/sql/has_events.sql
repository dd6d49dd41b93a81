-- Grain: one row if this database has a table of events, else none. Caller: stallwatch.soundness.
SELECT 1 AS found FROM system.tables WHERE database = currentDatabase() AND name = 'events'
