-- Grain: one handoff of one object of this run with the times that were promised for it, in order of precedence: what was
-- said of the object itself before what was said of others and names it, then the newest. Without an offset a time is UTC; a
-- date is meant to its end, in the zone of the calendar that names one, else of the facility.
-- Caller: correlator.handoffs, where anything was promised (insert_promised).
INSERT INTO {run_promises:Identifier} (revision, handoff, object_type, object_id, said)
WITH
    dated AS
    (
        SELECT * FROM {run_promised:Identifier} WHERE revision = {revision:UInt64}
    ),
    timed AS
    (
        SELECT dated.handoff AS handoff, dated.object_type AS object_type, dated.object_id AS object_id,
            dated.is_own AS is_own, toUnixTimestamp64Micro(dated.told_at) AS told_us, dated.event_id AS event_id,
            dated.integration AS integration,
            arrayLastIndex(since -> since <= dated.day, zone.since) AS stretch,
            multiIf(
                NOT dated.is_date, toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull(dated.text, 6, 'UTC')),
                stretch = 0 OR dated.day >= zone.until, NULL,
                (toInt64(dated.day) * 86400 + zone.ends_after[stretch]) * 1000000) AS promised_us
        FROM dated
        INNER JOIN (SELECT object_type, object_id, time_zone FROM {run_places:Identifier} WHERE revision = {revision:UInt64}) AS place
            ON place.object_type = dated.object_type AND place.object_id = dated.object_id
        LEFT JOIN (SELECT * FROM day_ends FINAL) AS zone
            ON zone.zone = multiIf(dated.zone != '', dated.zone, place.time_zone = '', 'UTC', place.time_zone::String)
    )
SELECT {revision:UInt64}, handoff, object_type, object_id,
    arrayMap(
        statement -> (statement.2, statement.5),
        arrayReverseSort(groupUniqArray((is_own, told_us, event_id, integration::String, assumeNotNull(promised_us)))))
FROM timed
WHERE promised_us IS NOT NULL
GROUP BY handoff, object_type, object_id
