-- Grain: one alert that was pending or firing at `as_of`, firing and oldest first. Caller: alerts.store.AlertStore.active.
SELECT *
FROM
(
    SELECT *
    FROM alert_transitions FINAL
    WHERE at <= {as_of:DateTime64(6, 'UTC')}
    ORDER BY series, episode, number DESC
    LIMIT 1 BY series, episode
)
WHERE state IN ('pending', 'firing')
ORDER BY state DESC, pending_since, alert_id
