-- Grain: one published calendar, with a digest of its openings. Caller: slo.calendars.
SELECT
    toString(calendar) AS calendar,
    lower(hex(MD5(arrayStringConcat(arraySort(groupArray(concat(
        toString(toUnixTimestamp(opens_at)), '-', toString(toUnixTimestamp(closes_at)), '/',
        toString(worked_before), '/', toString(day_index), '/',
        toString(toUnixTimestamp(day_opens_at)), '-', toString(toUnixTimestamp(day_closes_at))
    ))), ' ')))) AS digest,
    max(business_hours.published_at) AS published_at
FROM business_hours FINAL
GROUP BY calendar
