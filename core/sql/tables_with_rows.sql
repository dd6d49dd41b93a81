-- Grain: one table of the database {spread} that keeps rows of its own (in memory, none is kept). Caller: core.cluster.
SELECT name
FROM system.tables
WHERE database = {spread:String} AND engine NOT IN ('Distributed', 'Null', 'Memory', 'View', 'MaterializedView')
ORDER BY name
