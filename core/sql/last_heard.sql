    -- Grain: one integration heard by {as_of}: when it last was, to the minute of {as_of}, as `last_heard` (integration,
    -- heard_at). Caller: included by correlator/sql/stalled_silent.sql.
    last_heard AS
    (
        SELECT integration::String AS integration, max(least(newest, {as_of:DateTime64(6, 'UTC')})) AS heard_at
        FROM heard
        WHERE minute <= {as_of:DateTime64(6, 'UTC')}
        GROUP BY integration
    )
