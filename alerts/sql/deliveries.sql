-- Grain: one notification of these alerts, firing before resolved. Caller: alerts.store.AlertStore.
SELECT notification_id, alert_id, channel, status, state, attempts, next_attempt_at, reason, written_at
FROM outbox FINAL
WHERE alert_id IN {alert_ids:Array(String)}
ORDER BY alert_id, status, channel
