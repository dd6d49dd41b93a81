-- Grain: one table of the database {spread} that holds rows of its own. Caller: core.cluster.
SELECT name
FROM system.tables
WHERE database = {spread:String} AND engine NOT IN ('Distributed', 'Null', 'View', 'MaterializedView')
ORDER BY name
