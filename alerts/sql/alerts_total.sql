-- Grain: one row: how many alerts are in one of these states. Caller: alerts.store.AlertStore.page.
SELECT count() AS total
FROM
(
    SELECT state
    FROM alert_transitions FINAL
    ORDER BY series, episode, number DESC
    LIMIT 1 BY series, episode
)
WHERE state IN {states:Array(String)}
