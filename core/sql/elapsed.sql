    -- Grain: one row of `stretches` (stretch, calendar, since_us, until_us) with the business time in it, as `elapsed` (stretch,
    -- business_seconds): whole seconds, 0 where `until_us` is not later or the calendar has no hours. `stretch` is whatever the including
    -- query carries along. The same steps as slo/business_time.py, in UTC microseconds.
    -- Caller: included by correlator/handoff_lasted and, to be proven, by tests/support/elapsed_query.py.
-- include: core/openings
    ,
    elapsed AS
    (
        SELECT
            s.stretch AS stretch,
            -- Worked off by an instant: what lies before the first opening that closes after it, and what has passed of that.
            if(first.calendar = '', whole.worked_us, first.worked_us + greatest(s.since_us - first.opens_us, 0)) AS worked_since,
            if(last.calendar = '', whole.worked_us, last.worked_us + greatest(s.until_us - last.opens_us, 0)) AS worked_until,
            intDiv(greatest(worked_until - worked_since, 0), 1000000) AS business_seconds
        FROM stretches AS s
        ASOF LEFT JOIN hours AS first ON first.calendar = s.calendar AND s.since_us < first.closes_us
        ASOF LEFT JOIN hours AS last ON last.calendar = s.calendar AND s.until_us < last.closes_us
        ANY LEFT JOIN
        (
            SELECT calendar, max(worked_us + closes_us - opens_us) AS worked_us FROM hours GROUP BY calendar
        ) AS whole ON whole.calendar = s.calendar
    )
