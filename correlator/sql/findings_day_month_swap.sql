-- Grain: one integration with what its dates tell for and against having been read with day and month exchanged. Only
-- dates that can be exchanged count (day up to 12 and not the month). Each of three trials counts events for which one
-- reading is odd and the other is not: `…_now` as told, `…_then` if exchanged. `…_z` is their difference by its standard
-- error, the dates being independent and not the events of a date (sign flips: sum / root of the sum of squares).
-- Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
    ,
-- include: correlator/findings_steps
    ,
    dated AS
    (
        SELECT integration::String AS integration, toDate32(occurred_at) AS day,
            if(toDayOfMonth(day) > 12, day, makeDate32(toYear(day), toDayOfMonth(day), toMonth(day))) AS other,
            count() AS events, toDayOfWeek(day) > 5 AS weekend, toDayOfWeek(other) > 5 AS other_weekend,
            -- A live feed: within a day of its arrival in one reading, a fortnight or more off in the other.
            countIf(abs(dateDiff('day', day, toDate32(received_at))) > 13 AND abs(dateDiff('day', other, toDate32(received_at))) < 2) AS far_now,
            countIf(abs(dateDiff('day', day, toDate32(received_at))) < 2 AND abs(dateDiff('day', other, toDate32(received_at))) > 13) AS far_then,
            min((occurred_at, event_id, type::String, subject_type::String, subject_id, concat('else ', toString(other)))) AS example
        FROM told
        GROUP BY integration, day, other
    ),
    by_day AS
    (
        SELECT integration, sum(events) AS checked, sumIf(events, day != other) AS found,
            sumIf(events, day != other AND weekend AND NOT other_weekend) AS weekend_now,
            sumIf(events, day != other AND other_weekend AND NOT weekend) AS weekend_then,
            sumIf(toFloat64(events) * events, day != other AND weekend != other_weekend) AS weekend_square,
            sumIf(events, day != other AND weekend) / greatest(found, 1) AS weekend_share,
            sumIf(events, toDayOfMonth(day) > 12) AS fixed,
            sumIf(events, toDayOfMonth(day) > 12 AND weekend) / greatest(fixed, 1) AS fixed_weekend_share,
            sum(far_now) AS arrival_now, sum(far_then) AS arrival_then,
            sum(pow(toFloat64(far_now) - far_then, 2)) AS arrival_square,
            groupArraySortedIf(5)(example, day != other) AS examples
        FROM dated
        GROUP BY integration
    ),
    compared AS
    (
        SELECT integration,
            arrayMin(step -> step.3, starts) > arrayMin(step -> step.3, stops) AS odd_now,
            arrayMin(step -> if(step.2 = integration, step.5, step.3), starts)
                > arrayMin(step -> if(step.2 = integration, step.5, step.3), stops) AS odd_then,
            toDate32(arrayMin(step -> step.3, arrayFilter(step -> step.2 = integration, arrayConcat(starts, stops)))) AS day
        FROM ruled
        ARRAY JOIN arrayDistinct(arrayMap(step -> step.2, arrayConcat(starts, stops))) AS integration
    ),
    by_order AS
    (
        SELECT integration, sum(now) AS order_now, sum(then) AS order_then, sum(pow(toFloat64(now) - then, 2)) AS order_square
        FROM
        (
            SELECT integration, day, countIf(odd_now AND NOT odd_then) AS now, countIf(odd_then AND NOT odd_now) AS then
            FROM compared
            GROUP BY integration, day
        )
        GROUP BY integration
    )
SELECT
    d.integration AS integration, d.found AS found, d.checked AS checked, d.examples AS examples,
    map(
        'weekend_now', d.weekend_now, 'weekend_then', d.weekend_then,
        'weekend_z', (toFloat64(d.weekend_now) - d.weekend_then) / greatest(sqrt(d.weekend_square), 1),
        'weekend_share', d.weekend_share, 'fixed', d.fixed, 'fixed_weekend_share', d.fixed_weekend_share,
        'order_now', o.order_now, 'order_then', o.order_then,
        'order_z', (toFloat64(o.order_now) - o.order_then) / greatest(sqrt(o.order_square), 1),
        'arrival_now', d.arrival_now, 'arrival_then', d.arrival_then,
        'arrival_z', (toFloat64(d.arrival_now) - d.arrival_then) / greatest(sqrt(d.arrival_square), 1)
    )::Map(String, Float64) AS figures
FROM by_day AS d
LEFT JOIN by_order AS o ON o.integration = d.integration
SETTINGS max_bytes_before_external_group_by = 400000000
