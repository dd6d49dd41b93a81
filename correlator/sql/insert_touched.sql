-- Grain: one object of the model that facts of the named inserts touched; of all in the window where none is named.
-- Caller: correlator.tick.Correlator.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, object_type, object_id
FROM {touched_objects:Identifier}
WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
  AND (empty({inserts:Array(DateTime64(6, 'UTC'))}) OR stored_at IN {inserts:Array(DateTime64(6, 'UTC'))})
  AND object_type IN {types:Array(String)}
