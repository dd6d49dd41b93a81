-- Grain: one alert (one episode) in one of {states}, its newest step of all, the latest change first; where `continued`,
-- only what comes after ({at}, {alert_id}). Caller: alerts.store.AlertStore.page.
SELECT *
FROM
(
    SELECT *
    FROM alert_transitions FINAL
    ORDER BY series, episode, number DESC
    LIMIT 1 BY series, episode
)
WHERE state IN {states:Array(String)}
    AND (NOT {continued:Bool} OR (at, alert_id) < ({at:DateTime64(6, 'UTC')}, {alert_id:String}))
ORDER BY at DESC, alert_id DESC
LIMIT {limit:UInt32}
