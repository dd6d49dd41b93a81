-- Grain: one broken row for each row written inside an event or object that is left out.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT seq, place, 'it belongs to an event or object that is left out', record, NULL, NULL, 1
FROM
(
    SELECT seq, place, record, owner FROM event_detail
    UNION ALL SELECT seq, place, record, owner FROM object_value
    UNION ALL SELECT seq, place, record, owner FROM event_object
    UNION ALL SELECT seq, place, record, owner FROM object_object
)
WHERE owner IN (SELECT seq FROM broken)
