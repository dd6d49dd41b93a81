-- Grain: one row: when the first event touched one object, else the first of the log, else NULL.
-- Caller: stallwatch/importers/staging.py
SELECT coalesce(
    (SELECT min(d.time) FROM event_object AS r JOIN event_detail AS d ON d.id = r.event_id WHERE r.object_id = :id),
    (SELECT min(time) FROM event_detail)
)
