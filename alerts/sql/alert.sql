-- Grain: one alert, its newest step. Caller: alerts.store.AlertStore.alert.
SELECT *
FROM alert_transitions FINAL
WHERE series = {series:String} AND episode = {episode:UInt32}
ORDER BY number DESC
LIMIT 1
