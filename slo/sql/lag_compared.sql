    -- Grain: one promise of one of two windows of opening, as `compared`: how it stood at the instant that its window is seen
    -- as of; `followed_us`: how long it could have been followed by then. Else as `instances` of lag_instances.
    -- Caller: included by lag_comparison.
    compared AS
    (
        SELECT
-- include: slo/lag_keys
-- include: slo/lag_states
            ,
            is_later,
            toUnixTimestamp64Micro(seen_at) - opened_us AS followed_us
        FROM
        (
            SELECT
                *,
                arrayJoin(arrayFilter(
                    period -> first_opened_at >= period.1 AND first_opened_at < period.2 AND opened_at <= period.3,
                    [({earlier_since:DateTime64(6, 'UTC')}, {earlier_until:DateTime64(6, 'UTC')}, {earlier_as_of:DateTime64(6, 'UTC')}, 0),
                     ({since:DateTime64(6, 'UTC')}, {until:DateTime64(6, 'UTC')}, {as_of:DateTime64(6, 'UTC')}, 1)]
                )) AS period,
                period.3 AS seen_at,
                period.4 AS is_later,
                toUnixTimestamp64Micro(first_opened_at) AS opened_us,
                '' AS nothing
            FROM handoffs FINAL
        )
        WHERE is_gone = 0
            AND (model, handoff, object_type, object_id, cycle, seen_at) NOT IN
            (
                SELECT model, handoff, object_type, object_id, (cycle - 1)::UInt32, seen_at
                FROM handoffs FINAL
                ARRAY JOIN [{earlier_as_of:DateTime64(6, 'UTC')}, {as_of:DateTime64(6, 'UTC')}] AS seen_at
                WHERE is_gone = 0 AND first_opened_at < opened_at AND opened_at <= seen_at
            )
-- include: slo/chosen_handoffs
    )
