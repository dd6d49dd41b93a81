-- Grain: one of the handoff instances given, by its place among them, with the business time in its stretches, in whole seconds;
-- each is on the calendar that is named with it, in the zone of its facility where that names none, else on that of its facility.
-- Caller: correlator.running.
WITH
    stretches AS
    (
        SELECT given.1 AS stretch,
            multiIf(
                position(given.2, '@') > 0, given.2,
                given.2 != '', concat(given.2, '@', if(known.time_zone = '', 'UTC', known.time_zone::String)),
                known.calendar = '', 'always@UTC',
                known.calendar::String) AS calendar,
            toUnixTimestamp64Micro(given.4) AS since_us, toUnixTimestamp64Micro(given.5) AS until_us
        FROM
        (
            SELECT arrayJoin(arrayZip({places:Array(UInt32)}, {calendars:Array(String)}, {facilities:Array(String)},
                {since:Array(DateTime64(6, 'UTC'))}, {until:Array(DateTime64(6, 'UTC'))})) AS given
        ) AS item
        ANY LEFT JOIN (SELECT facility, calendar, time_zone FROM facilities FINAL) AS known ON known.facility = given.3
    ),
-- include: core/elapsed
SELECT stretch AS place, sum(business_seconds) AS business_seconds
FROM elapsed
GROUP BY place
