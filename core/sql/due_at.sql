    -- Grain: one row of `instances` (instance, calendar, opened_us, unit, amount, pauses): when it falls due if its clock
    -- never stands still, as `reckoned` (instance, calendar, unit, pauses, due_at); NULL where it has no target or its
    -- calendar no such time. `instance` is whatever the including query carries along; `pauses` is read by
    -- core/due_at_paused. The same steps as slo/business_time.py, in UTC microseconds.
    -- Caller: included by correlator/sql/write_*handoffs.sql and, to be proven, by tests/support/due_at_query.py.
-- include: core/openings
    ,
    -- Where the clock starts: in the opening that holds the instant, else in the next one.
    started AS
    (
        SELECT
            i.instance AS instance,
            i.calendar AS calendar,
            i.opened_us AS opened_us,
            i.unit AS unit,
            i.amount AS amount,
            i.pauses AS pauses,
            h.calendar != '' AS has_hours,
            greatest(i.opened_us, h.opens_us) AS start_us,
            h.worked_us + start_us - h.opens_us + i.amount * 1000000 AS target_us,
            h.day + i.amount AS target_day,
            start_us - h.day_opens_us AS into_day_us
        FROM instances AS i
        ASOF LEFT JOIN hours AS h ON i.calendar = h.calendar AND i.opened_us < h.closes_us
    ),
    -- Business seconds: in the last opening that starts before the target is worked off, so a closing is still in time.
    worked AS
    (
        SELECT
            s.*,
            if(h.calendar != '' AND h.opens_us + s.target_us - h.worked_us <= h.closes_us,
               h.opens_us + s.target_us - h.worked_us, NULL) AS due_by_seconds_us
        FROM started AS s
        ASOF LEFT JOIN hours AS h ON s.calendar = h.calendar AND s.target_us > h.worked_us
    ),
    reckoned AS
    (
        SELECT
            w.instance AS instance,
            w.calendar AS calendar,
            w.unit AS unit,
            w.pauses AS pauses,
            fromUnixTimestamp64Micro(multiIf(
                w.unit = '', NULL,
                w.unit = 'clock', w.opened_us + w.amount * 1000000,
                NOT w.has_hours, NULL,
                w.unit = 'business_seconds', w.due_by_seconds_us,
                d.calendar = '', NULL,
                least(d.day_opens_us + w.into_day_us, d.day_closes_us)
            ), 'UTC') AS due_at
        FROM worked AS w
        ANY LEFT JOIN (SELECT DISTINCT calendar, day, day_opens_us, day_closes_us FROM hours) AS d
            ON d.calendar = w.calendar AND d.day = w.target_day
    )
