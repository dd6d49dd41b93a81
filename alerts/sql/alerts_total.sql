-- Grain: one row: how many alerts (episodes) are in one of {states} by their newest step of all. Caller: alerts.store.AlertStore.page.
SELECT count() AS total
FROM
(
    SELECT state
    FROM alert_transitions FINAL
    ORDER BY series, episode, number DESC
    LIMIT 1 BY series, episode
)
WHERE state IN {states:Array(String)}
