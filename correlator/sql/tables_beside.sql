-- Grain: one table that a rebuild wrote, or writes. Caller: correlator.switch_over.SwitchOver.
SELECT DISTINCT name
FROM system.tables
WHERE database IN (currentDatabase(), concat(currentDatabase(), '_shard')) AND name IN {besides:Array(String)}
