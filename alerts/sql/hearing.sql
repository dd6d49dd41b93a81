-- Grain: one row: finished correlator runs; integrations with a heartbeat, and how many of them were heard within it.
-- Caller: alerts.hearing.Hearing.doubt.
WITH
    watched AS (SELECT integration, heartbeat_seconds FROM current_integrations WHERE heartbeat_seconds > 0),
    addSeconds({now:DateTime64(6, 'UTC')}, -(SELECT max(heartbeat_seconds) FROM watched)) AS earliest,
    heard AS
    (
        SELECT integration, max(heard_at) AS heard_at
        FROM
        (
            SELECT toString(integration) AS integration, received_at AS heard_at
            FROM events WHERE received_at BETWEEN earliest AND {now:DateTime64(6, 'UTC')}
            UNION ALL
            SELECT toString(integration) AS integration, received_at AS heard_at
            FROM spans WHERE received_at BETWEEN earliest AND {now:DateTime64(6, 'UTC')}
        )
        GROUP BY integration
    )
SELECT
    (SELECT count() FROM correlator_runs) AS runs,
    count() AS watched,
    countIf(heard.heard_at >= addSeconds({now:DateTime64(6, 'UTC')}, -toInt64(heartbeat_seconds))) AS heard
FROM watched LEFT JOIN heard ON watched.integration = heard.integration
