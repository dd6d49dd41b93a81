-- Grain: one event that opened a stalled instance of an object that it does not name: an event of a linked object.
-- Caller: correlator.reasoning.
INSERT INTO stalled_openers (by_event, at, told)
SELECT event_id AS by_event, occurred_at AS at, min((integration::String, type::String, subject_type::String, subject_id)) AS told
FROM current_events
WHERE has({linked_starts:Array(String)}, type::String)
  AND (event_id, occurred_at) IN (SELECT opened_by, opened_at FROM stalled_now WHERE starts_elsewhere)
GROUP BY by_event, at
