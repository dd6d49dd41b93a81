-- Grain: one row: whether a process has begun to migrate this database, and how many of its statements run now.
-- Caller: core.migrating.
SELECT (SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'migrating') AS stands,
    (
        SELECT count() FROM system.processes
        WHERE current_database = currentDatabase() AND Settings['log_comment'] = {mark:String}
    ) AS running
