    -- Grain: one promise made by {as_of} and opened in the window, as `instances`: how it stood at {as_of}. What a reversal
    -- reopened, and whose clock goes on, is the promise that it was: its newest cycle by then counts, from first_opened_at, and
    -- the cycles before it do not. Durations in clock microseconds. Caller: included by lag.
    instances AS
    (
        SELECT
-- include: slo/lag_keys
-- include: slo/lag_states
        FROM
        (
            SELECT
                *,
                {as_of:DateTime64(6, 'UTC')} AS seen_at,
                toUnixTimestamp64Micro(first_opened_at) AS opened_us,
                toDate(first_opened_at) AS day,
                toMonday(first_opened_at) AS week,
                toStartOfMonth(first_opened_at) AS month,
                '' AS nothing
            FROM handoffs FINAL
        )
        WHERE is_gone = 0
            AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND first_opened_at >= {since:DateTime64(6, 'UTC')}
            AND first_opened_at < {until:DateTime64(6, 'UTC')}
            AND (model, handoff, object_type, object_id, cycle) NOT IN
            (
                SELECT model, handoff, object_type, object_id, (cycle - 1)::UInt32
                FROM handoffs FINAL
                WHERE is_gone = 0 AND first_opened_at < opened_at AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            )
-- include: slo/chosen_handoffs
    )
