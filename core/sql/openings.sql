    -- Grain: one opening in force of one calendar, as `hours` (calendar, opens_us, closes_us, worked_us before it, day, and the first
    -- opening and the last closing of its working day), in UTC microseconds. Caller: included by core/due_at and core/elapsed.
    hours AS
    (
        SELECT
            toString(calendar) AS calendar,
            toInt64(toUnixTimestamp(opens_at)) * 1000000 AS opens_us,
            toInt64(toUnixTimestamp(closes_at)) * 1000000 AS closes_us,
            toInt64(worked_before) * 1000000 AS worked_us,
            toInt64(day_index) AS day,
            toInt64(toUnixTimestamp(day_opens_at)) * 1000000 AS day_opens_us,
            toInt64(toUnixTimestamp(day_closes_at)) * 1000000 AS day_closes_us
        FROM business_hours FINAL
        WHERE (calendar, published_at) IN (SELECT calendar, max(published_at) FROM business_hours GROUP BY calendar)
    )
