-- Grain: one integration that is silent at {as_of}: past its heartbeat, and when it was last heard (microseconds since 1970).
-- Caller: correlator.reasoning.
WITH
-- include: core/last_heard
SELECT i.integration AS integration, i.name AS name, toUnixTimestamp64Micro(last_heard.heard_at::DateTime64(6, 'UTC')) AS heard_at
FROM
(
    SELECT integration, name, heartbeat_seconds FROM current_integrations WHERE heartbeat_seconds > 0
) AS i
INNER JOIN last_heard ON last_heard.integration = i.integration
WHERE last_heard.heard_at < {as_of:DateTime64(6, 'UTC')} - toIntervalSecond(i.heartbeat_seconds)
