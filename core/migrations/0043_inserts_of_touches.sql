-- Which query an insert was: a run asks the engine whether it still runs (correlator/touches.py). Empty: written before, or by
-- statements that no view feeds.
ALTER TABLE touched_objects ADD COLUMN IF NOT EXISTS query_id LowCardinality(String);

-- An insert that failed half way and is repeated stores what is missing, under its first token: its objects are touched again.
ALTER TABLE touched_objects MODIFY SETTING non_replicated_deduplication_window = 0;

ALTER TABLE touched_objects_mv MODIFY QUERY
SELECT DISTINCT stored_at, object.type AS object_type, object.id AS object_id, initialQueryID() AS query_id
FROM decoded_events
ARRAY JOIN objects AS object
WHERE problem = '';
