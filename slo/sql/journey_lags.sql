-- Grain: one bound pair of event types, in the order given: median days from the first to the first occurrence, over the
-- journeys that have both. An empty start is the journey's first event of any type, an empty stop its last.
-- Caller: slo.journey_lags.JourneyLags.
WITH
-- include: slo/journey_moments
SELECT
    pair.1 AS position,
    countIf(lasted_us IS NOT NULL) AS journeys,
    if(journeys = 0, NULL, quantileExactInclusiveIf(0.5)(assumeNotNull(lasted_us), lasted_us IS NOT NULL) / 86400e6) AS median_days
FROM
(
    SELECT
        root_type,
        root_id,
        pair,
        minOrNullIf(first_at, pair.2 IN ('', event_type)) AS started_at,
        if(pair.3 = '', maxOrNull(last_at), minOrNullIf(first_at, event_type = pair.3)) AS stopped_at,
        dateDiff('microsecond', started_at, stopped_at) AS lasted_us
    FROM moments
    CROSS JOIN
    (
        SELECT arrayJoin(arrayZip(arrayEnumerate({starts:Array(String)}), {starts:Array(String)}, {stops:Array(String)})) AS pair
    ) AS pairs
    GROUP BY root_type, root_id, pair
)
GROUP BY pair
ORDER BY position
