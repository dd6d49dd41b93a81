    -- Grain: one object of the types `of_types`, with the newest text that its own events or descriptions state by {as_of} of
    -- each attribute in `names`, as `said` (object_type, object_id, told, ends_us). `ends_us` is that text as an instant, in UTC
    -- microseconds, where it is one: a date is meant to its end, in the zone of the facility that stated it, else UTC.
    -- Caller: included by the kpi queries that need attributes; they name `of_types` and `names`.
    said AS
    (
        SELECT
            object_type,
            object_id,
            mapFromArrays(groupArray(name), groupArray(text)) AS told,
            mapFromArrays(groupArrayIf(name, ends_us IS NOT NULL), groupArrayIf(assumeNotNull(ends_us), ends_us IS NOT NULL)) AS ends_us
        FROM
        (
            SELECT
                object_type, object_id, name, text,
                if(match(text, '^\\d{4}-\\d\\d-\\d\\d$'), toDate32OrNull(text), NULL) AS day,
                arrayLastIndex(since -> ifNull(since <= day, false), zone.since) AS stretch,
                multiIf(
                    day IS NOT NULL,
                    (toInt64(day) * 86400 + if(stretch = 0, 86400, zone.ends_after[stretch])) * 1000000,
                    match(text, '^\\d{4}-\\d\\d-\\d\\dT'),
                    toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull(text, 6, 'UTC')),
                    NULL) AS ends_us
            FROM
            (
                SELECT object_type, object_id, name, argMax((value, from_facility), (told_at, event_id)) AS newest_told, newest_told.1 AS text, newest_told.2 AS facility
                FROM
                (
                    SELECT
                        stated.object_type AS object_type,
                        if(own.object_id != '', own.object_id, stated.object_id) AS object_id,
                        arrayJoin(names) AS name,
                        multiIf(
                            mapContains(strings, name), strings[name],
                            mapContains(floats, name), toString(floats[name]),
                            mapContains(ints, name), toString(ints[name]),
                            '') AS value,
                        from_facility, told_at, event_id
                    FROM
                    (
                        SELECT
                            toString(subject_type) AS object_type, subject_id AS object_id, occurred_at AS told_at, event_id, toString(facility) AS from_facility,
                            attributes_string AS strings, attributes_float AS floats, attributes_int AS ints
                        FROM current_events
                        WHERE has(of_types, subject_type) AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                        UNION ALL
                        SELECT toString(object_type), object_id, described_at, event_id, '', attributes_string, attributes_float, attributes_int
                        FROM named_object_states
                        WHERE has(of_types, object_type) AND described_at <= {as_of:DateTime64(6, 'UTC')}
                    ) AS stated
                    LEFT JOIN
                    (
                        SELECT toString(object_type) AS object_type, alias_id, object_id FROM identities FINAL WHERE has(of_types, object_type)
                    ) AS own ON own.object_type = stated.object_type AND own.alias_id = stated.object_id
                )
                WHERE value != ''
                GROUP BY object_type, object_id, name
            ) AS newest
            LEFT JOIN (SELECT facility, time_zone FROM facilities FINAL) AS place ON place.facility = newest.facility
            LEFT JOIN (SELECT * FROM day_ends FINAL) AS zone
                ON zone.zone = if(place.time_zone = '', 'UTC', place.time_zone::String)
        )
        GROUP BY object_type, object_id
    )
