-- Grain: one rebuild's tables that nobody has written to for {silence} seconds, and whose switch-over has not begun, or was
-- overtaken. Caller: correlator.switch_over.SwitchOver. A rebuild that is slower than that loses them, and is begun anew.
-- On a cluster the rows of a table stand in the database `…_shard`.
WITH '^(?:link_statements|links|parent_links|journey_members|object_journeys|journeys|handoffs|open_handoffs)_next_(\\d+)$' AS named
SELECT toUInt64OrZero(extract(name, named)) AS beside
FROM system.tables
WHERE database IN (currentDatabase(), concat(currentDatabase(), '_shard')) AND match(name, named)
  AND beside NOT IN
  (
      SELECT mark.beside
      FROM (SELECT model, revision, beside FROM switch_overs WHERE NOT is_done) AS mark
      LEFT JOIN (SELECT model, max((revision, beside)) AS newest FROM switch_overs WHERE is_done GROUP BY model) AS done USING (model)
      WHERE (mark.revision, mark.beside) > done.newest
  )
GROUP BY beside
HAVING max(metadata_modification_time) <= now() - toIntervalSecond({silence:UInt32})
  AND beside NOT IN
  (
      SELECT toUInt64OrZero(extract(table, named)) FROM system.parts
      WHERE database IN (currentDatabase(), concat(currentDatabase(), '_shard')) AND match(table, named)
        AND modification_time > now() - toIntervalSecond({silence:UInt32})
  )
