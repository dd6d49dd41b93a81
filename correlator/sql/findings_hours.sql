-- Grain: one quarter of an hour in which events of one of {integrations}, received in the window, occurred at facilities of
-- one time zone (UTC where the facility is not known). Caller: correlator.findings.Findings, for suspicions of a time zone.
WITH
-- include: correlator/findings_told
SELECT integration::String AS integration, if(place.time_zone = '', 'UTC', place.time_zone) AS zone,
    toStartOfFifteenMinutes(occurred_at) AS since, count() AS events
FROM told
LEFT JOIN (SELECT facility, time_zone::String AS time_zone FROM facilities FINAL) AS place ON place.facility = told.facility
WHERE integration IN {integrations:Array(String)}
GROUP BY integration, zone, since
