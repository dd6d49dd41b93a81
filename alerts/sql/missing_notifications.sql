-- Grain: one notification that a step calls for and the outbox lacks: the first firing and the resolved step of each
-- episode, for each of its channels. Caller: alerts.ledger.Ledger.unannounced.
SELECT *, concat(alert_id, '-', toString(state), '-', channel) AS notification_id
FROM
(
    SELECT *, arrayJoin(channels) AS channel
    FROM alert_transitions FINAL
    WHERE state IN ('firing', 'resolved')
    ORDER BY series, episode, number
    LIMIT 1 BY series, episode, state, channel
)
WHERE notification_id NOT IN (SELECT notification_id FROM outbox)
ORDER BY at, series, episode, number
