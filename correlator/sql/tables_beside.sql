-- Grain: one table that a rebuild wrote, or writes. Caller: correlator.switch_over.SwitchOver.
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND name IN {besides:Array(String)}
