-- Grain: one promise of `forecast_seen`: how much of the time that it may take had run when it ended or was last seen, in millionths
-- rounded up; more than a million once it ran past its due time. In business time of its calendar where its target is
-- (`forecast_calendars`), else by the clock; while that stood still is in neither. What may take no business time at all is taken by the
-- clock. What runs and is not due has not used up all, even with no business time left: others closed in the hours that are left it.
-- The keys are of all of its handoff, of those of its criticality, and of those at its facility too. Caller: slo.forecast.Forecasts.
INSERT INTO forecast_ran
WITH
    counted AS
    (
        SELECT
            seen.* EXCEPT stopped,
            kept.calendar AS calendar,
            arrayPushFront(
                arrayMap(stop -> (-1, greatest(stop.1, opened_us), stop.2),
                    arrayFilter(stop -> stop.1 < greatest(seen_us, due_us), stopped)),
                (1, opened_us, greatest(seen_us, due_us))) AS times
        FROM forecast_seen AS seen
        ANY LEFT JOIN forecast_calendars AS kept
            ON kept.model = seen.model AND kept.handoff = seen.handoff AND kept.criticality = seen.criticality AND kept.facility = seen.facility
    ),
    -- Until it ended or was seen, and until it is due: what ran late is not looked up.
    stretches AS
    (
        SELECT
            (instance, time.1 * (NOT is_due), time.1 * is_due) AS stretch,
            calendar,
            time.2 AS since_us,
            least(time.3, if(is_due, due_us, seen_us)) AS until_us
        FROM counted
        ARRAY JOIN times AS time
        ARRAY JOIN [false, true] AS is_due
        WHERE calendar != '' AND seen_us <= due_us
    ),
-- include: core/elapsed
    ,
    worked AS
    (
        SELECT stretch.1 AS instance, sum(stretch.2 * business_seconds) AS ran, sum(stretch.3 * business_seconds) AS allowed
        FROM elapsed
        GROUP BY instance
    )
SELECT
    instance,
    teaches,
    cityHash64(model::String, handoff::String),
    cityHash64(model::String, handoff::String, criticality::String),
    cityHash64(model::String, handoff::String, criticality::String, facility::String),
    least(if(kind = 2 AND seen_us < due_us, 999999, 1000001), multiIf(
        seen_us > due_us, 1000001,
        worked.allowed > 0, least(1000000, ceil(1e6 * worked.ran / worked.allowed - 1e-6)),
        arraySum(time -> time.1 * greatest(0, least(time.3, due_us) - time.2), times) AS may_us > 0, least(1000000, ceil(
            1e6 * arraySum(time -> time.1 * greatest(0, least(time.3, seen_us) - time.2), times) / may_us - 1e-6)),
        1000000)),
    kind
FROM counted
ANY LEFT JOIN worked ON worked.instance = counted.instance
