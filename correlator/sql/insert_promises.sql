-- Grain: one handoff of one object of this run with the times that were promised for it, in order of precedence: what was
-- said of the object itself before what was said of others and names it, then the newest. ISO 8601; without an offset it is
-- UTC; a date is meant to its end, in the zone of the calendar that names one, else of the facility. What cannot be read
-- says nothing. Caller: correlator.tick.Correlator, for models with handoffs that are due from an attribute.
INSERT INTO run_promises (revision, handoff, object_type, object_id, said)
WITH
    wanted AS
    (
        SELECT p.1 AS handoff, p.2 AS object_type, p.3 AS attribute, p.4 AS zone
        FROM (SELECT arrayJoin({promises:Array(Tuple(String, String, String, String))}) AS p)
    ),
    in_run AS
    (
        SELECT object_type, object_id FROM run_objects
        WHERE revision = {revision:UInt64} AND object_type IN (SELECT object_type FROM wanted)
    ),
    -- By the ids as they were sent.
    told AS
    (
        SELECT arrayJoin(objects) AS touched, touched = (subject_type, subject_id) AS is_own, occurred_at AS told_at,
            event_id, integration, attributes_string
        FROM current_events
        WHERE hasAny(mapKeys(attributes_string), (SELECT groupUniqArray(attribute) FROM wanted))
          AND ({whole:Bool} OR (integration, type, occurred_at, event_id) IN
              (SELECT integration, event_type, occurred_at, event_id FROM current_event_objects WHERE (object_type, object_id) IN in_run))
        UNION ALL
        SELECT (object_type, object_id), true, described_at, event_id, integration, attributes_string
        FROM object_states FINAL
        WHERE hasAny(mapKeys(attributes_string), (SELECT groupUniqArray(attribute) FROM wanted))
          AND ({whole:Bool} OR (object_type, object_id) IN in_run OR (object_type, object_id) IN
              (SELECT object_type, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN in_run))
    ),
    spelled AS
    (
        SELECT wanted.handoff AS handoff, told.touched.1 AS object_type, wanted.zone AS zone,
            if(identity.object_id = '', told.touched.2, identity.object_id) AS object_id,
            told.is_own AS is_own, told.told_at AS told_at, told.event_id AS event_id, told.integration AS integration,
            trimBoth(told.attributes_string[wanted.attribute]) AS text
        FROM told
        INNER JOIN wanted ON wanted.object_type = told.touched.1
        LEFT JOIN
        (
            SELECT object_type, alias_id, object_id FROM identities FINAL WHERE object_type IN (SELECT object_type FROM wanted)
        ) AS identity ON identity.object_type = told.touched.1 AND identity.alias_id = told.touched.2
        WHERE text != '' AND (object_type, object_id) IN in_run
          AND (told.is_own OR (told.touched.1, told.touched.2, told.integration, told.event_id) NOT IN
              (SELECT object_type, object_id, integration, event_id FROM withdrawn_namings FINAL))
    ),
    -- A day that no month has is not what comes of reading it.
    dated AS
    (
        SELECT *, toDate32OrZero(left(text, 10)) AS day, length(text) = 10 AS is_date,
            toString(day) = left(text, 10) AND toYear(day) BETWEEN 1970 AND 2199 AND (is_date OR match(text,
                '^.{10}[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?(Z|[+-]([01]\\d|2[0-3])(:?[0-5]\\d)?)?$')) AS is_readable
        FROM spelled
        WHERE is_readable
    ),
    place AS
    (
        SELECT object_type, object_id, min((root_type, root_id)) AS root
        FROM {object_journeys:Identifier} FINAL
        WHERE model = {model:String} AND (object_type, object_id) IN (SELECT object_type, object_id FROM dated)
        GROUP BY object_type, object_id
    ),
    -- Its facility as in correlator/handoff_places.
    sited AS
    (
        SELECT place.object_type AS object_type, place.object_id AS object_id,
            if(own.facility != '', own.facility, journey.facility) AS facility
        FROM place
        LEFT JOIN (SELECT * FROM run_contexts WHERE revision = {revision:UInt64}) AS own
            ON own.object_type = place.object_type AND own.object_id = place.object_id
        LEFT JOIN
        (
            SELECT * FROM {journeys:Identifier} FINAL
            WHERE model = {model:String} AND (root_type, root_id) IN (SELECT root.1, root.2 FROM place)
        ) AS journey ON journey.root_type = place.root.1 AND journey.root_id = place.root.2
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
        LEFT JOIN sited ON sited.object_type = dated.object_type AND sited.object_id = dated.object_id
        LEFT JOIN (SELECT facility, time_zone FROM facilities FINAL) AS facility ON facility.facility = sited.facility
        LEFT JOIN (SELECT * FROM day_ends FINAL) AS zone
            ON zone.zone = multiIf(dated.zone != '', dated.zone, facility.time_zone = '', 'UTC', facility.time_zone::String)
    )
SELECT {revision:UInt64}, handoff, object_type, object_id,
    arrayMap(
        statement -> (statement.2, statement.5),
        arrayReverseSort(groupUniqArray((is_own, told_us, event_id, integration::String, assumeNotNull(promised_us)))))
FROM timed
WHERE promised_us IS NOT NULL
GROUP BY handoff, object_type, object_id
