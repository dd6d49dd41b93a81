-- Grain: one table or view of a node and the statement that spreads it in the database {spread}, in the order in which they
-- stand on each other: a table is spread over the shards by its sort key, whose columns are taken in the order of their
-- names, so that tables with the same rows in another order have them on the same shard. `stored_at` does not count, for an
-- insert that is repeated would tell it anew, and go where nobody knows its token; in its stead all other columns do. What
-- stores nothing is repeated there. A view that a stored table feeds works where the rows are.
-- Caller: core.cluster.spread, on each node.
WITH concat(database, '.') AS stored, concat({spread:String}, '.') AS spread
SELECT
    if(engine LIKE '%MergeTree',
       format('CREATE TABLE {0}{1} AS {2}{1} ENGINE = Distributed(\'{3}\', \'{4}\', \'{1}\', cityHash64({5}))',
           spread, name, stored, {cluster:String}, database,
           arrayStringConcat(arraySort(if(sorting_key = 'stored_at', others, splitByString(', ', sorting_key))), ', ')),
       replaceRegexpAll(create_table_query, concat('\\b', database, '\\.'), spread)) AS statement,
    create_table_query AS stands_on, name
FROM system.tables
LEFT JOIN
(
    SELECT table AS name, groupArrayIf(c.name, c.name != 'stored_at') AS others
    FROM system.columns AS c WHERE database = currentDatabase() GROUP BY table
) AS columns USING (name)
WHERE database = currentDatabase() AND name != 'schema_migrations'
  AND (engine != 'MaterializedView' OR name NOT IN
  (
      SELECT arrayJoin(dependencies_table) FROM system.tables
      WHERE database = currentDatabase() AND engine LIKE '%MergeTree'
  ))
ORDER BY indexOf(['View', 'MaterializedView'], engine), name
