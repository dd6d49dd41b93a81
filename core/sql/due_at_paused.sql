    -- Grain: one row of `reckoned`: when it falls due once its pauses are counted, as `moved` (instance, due_at). `pauses` is
    -- an array of (since, until) in UTC microseconds, in order and disjoint; 4e18 stands for a pause that is not over.
    -- A pause that begins before the handoff is due moves `due_at` by the business time it lasts (of clock targets: by the
    -- clock); one that is not over leaves none. What fell due before a pause stays due. After core/due_at.
    -- Caller: included by correlator/sql/write_interruptible_handoffs.sql and, to be proven, by tests/support/due_at_query.py.
    -- `run_us`: what a clock that never stands still would show at the instant: business time, or time for clock targets.
    measured AS
    (
        SELECT
            r.instance AS instance,
            r.calendar AS calendar,
            r.unit AS unit,
            r.pauses AS pauses,
            r.due_us AS due_us,
            r.at_us AS at_us,
            if(r.unit = 'clock' OR h.calendar = '', r.at_us, h.worked_us + greatest(0, r.at_us - h.opens_us)) AS run_us
        FROM
        (
            SELECT instance, calendar, unit, pauses, toUnixTimestamp64Micro(due_at) AS due_us,
                arrayJoin(arrayDistinct(arrayPushFront(arrayConcat(pauses.1, pauses.2), ifNull(due_us, 0)))) AS at_us
            FROM reckoned
        ) AS r
        ASOF LEFT JOIN hours AS h ON r.calendar = h.calendar AND r.at_us < h.closes_us
    ),
    -- By how much the due time moves: each pause in turn, if it begins before what the ones before it have made of it.
    delayed AS
    (
        SELECT
            instance,
            any(calendar) AS calendar,
            any(unit) AS unit,
            any(due_us) AS due_us,
            mapFromArrays(groupArray(at_us), groupArray(run_us)) AS run,
            arrayFold(
                (delay, pause) -> if(
                    if(delay = 0, due_us > pause.1, run[due_us] + delay > run[pause.1]),
                    delay + run[pause.2] - run[pause.1],
                    delay),
                any(pauses),
                toInt64(0)) AS delay_us,
            run[ifNull(due_us, 0)] + delay_us AS target_us
        FROM measured
        GROUP BY instance
    ),
    moved AS
    (
        SELECT
            d.instance AS instance,
            fromUnixTimestamp64Micro(multiIf(
                d.delay_us = 0, d.due_us,
                d.delay_us > 2000000000000000000, NULL,
                d.unit = 'clock', d.due_us + d.delay_us,
                h.calendar != '' AND h.opens_us + d.target_us - h.worked_us <= h.closes_us,
                    h.opens_us + d.target_us - h.worked_us,
                NULL
            ), 'UTC') AS due_at
        FROM delayed AS d
        ASOF LEFT JOIN hours AS h ON d.calendar = h.calendar AND d.target_us > h.worked_us
    )
