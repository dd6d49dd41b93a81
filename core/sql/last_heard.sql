    -- Grain: one integration heard by {as_of}: the newest time it told of, as `last_heard` (integration, heard_at). It is
    -- the time of what was told, not of its arrival: a backlog from yesterday is no sign of life today. To the minute
    -- of {as_of}. Caller: included by correlator/sql/stalls.sql.
    last_heard AS
    (
        SELECT integration::String AS integration, max(least(newest, {as_of:DateTime64(6, 'UTC')})) AS heard_at
        FROM heard
        WHERE minute <= {as_of:DateTime64(6, 'UTC')}
        GROUP BY integration
    )
