-- Grain: one integration of {awaited}: its name and heartbeat (seconds, 0: none is expected of it), and when it was last heard by
-- {as_of}, to the minute of {as_of}; NULL: never. Caller: slo.coverage.Coverages.
SELECT asked.integration AS integration, expected.name AS name, expected.heartbeat AS heartbeat, told.heard_at AS heard_at
FROM (SELECT arrayJoin({awaited:Array(String)}) AS integration) AS asked
LEFT JOIN
(
    SELECT integration::String AS integration, any(name) AS name, any(heartbeat_seconds) AS heartbeat
    FROM current_integrations
    WHERE integration IN {awaited:Array(String)}
    GROUP BY integration
) AS expected ON expected.integration = asked.integration
LEFT JOIN
(
    SELECT integration::String AS integration, toNullable(max(least(newest, {as_of:DateTime64(6, 'UTC')}))) AS heard_at
    FROM heard
    WHERE integration IN {awaited:Array(String)} AND minute <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY integration
) AS told ON told.integration = asked.integration
