-- Grain: one handoff, criticality and facility of `forecast_seen` whose target is in business time, with the calendar it counts on:
-- the one that the handoff names, in the facility's zone where that names none, else the facility's. A target of the facility holds
-- before that of its region, its kind, and all (as in correlator/sql/handoff_definitions.sql). {targets}: (model, handoff,
-- criticality, rank and name of the place, whether in business time); {calendars}: (model, handoff, calendar that it names).
-- A calendar that never closes is the clock, and left out. Caller: slo.forecast.Forecasts.
INSERT INTO forecast_calendars
WITH
-- include: core/openings
SELECT model, handoff, criticality, facility,
    multiIf(
        position(named.calendar, '@') > 0, named.calendar,
        named.calendar != '', concat(named.calendar, '@', if(time_zone = '', 'UTC', time_zone)),
        of_facility = '', 'always@UTC',
        of_facility) AS calendar
FROM
(
    SELECT
        kinds.model AS model, kinds.handoff AS handoff, kinds.criticality AS criticality, kinds.facility AS facility,
        any(kinds.calendar) AS of_facility, any(kinds.time_zone) AS time_zone,
        argMin(target.in_business_time, target.rank) AS in_business_time
    FROM
    (
        SELECT seen.model AS model, seen.handoff AS handoff, seen.criticality AS criticality, seen.facility AS facility,
            if(seen.criticality IN ('clinical-critical', 'low'), seen.criticality, 'standard') AS judged_as,
            known.calendar AS calendar, known.time_zone AS time_zone, known.region AS region, known.kind AS kind
        FROM
        (
            SELECT DISTINCT model::String AS model, handoff::String AS handoff, criticality::String AS criticality, facility::String AS facility
            FROM forecast_seen
        ) AS seen
        ANY LEFT JOIN
        (
            SELECT facility::String AS facility, calendar::String AS calendar, time_zone::String AS time_zone, region::String AS region, kind::String AS kind
            FROM facilities FINAL
        ) AS known ON known.facility = seen.facility
    ) AS kinds
    INNER JOIN
    (
        SELECT t.1 AS model, t.2 AS handoff, t.3 AS criticality, t.4 AS rank, t.5 AS place, t.6 AS in_business_time
        FROM (SELECT arrayJoin({targets:Array(Tuple(String, String, String, UInt8, String, Bool))}) AS t)
    ) AS target ON target.model = kinds.model AND target.handoff = kinds.handoff AND target.criticality = kinds.judged_as
    WHERE target.place = [kinds.facility, kinds.region, kinds.kind, ''][target.rank]
    GROUP BY model, handoff, criticality, facility
    HAVING in_business_time
) AS counted
ANY LEFT JOIN
(
    SELECT c.1 AS model, c.2 AS handoff, c.3 AS calendar
    FROM (SELECT arrayJoin({calendars:Array(Tuple(String, String, String))}) AS c)
) AS named ON named.model = counted.model AND named.handoff = counted.handoff
WHERE calendar NOT IN
(
    SELECT calendar FROM hours GROUP BY calendar HAVING sum(closes_us - opens_us) = max(closes_us) - min(opens_us)
)
