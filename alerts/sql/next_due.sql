-- Grain: the one notification to attempt next, with how its alert's firing fared in the same channel. A resolved one
-- waits until its firing is settled. Payloads are read for the one only. Caller: alerts.outbox.Outbox.next_due.
WITH
    standing AS
    (
        SELECT notification_id, alert_id, channel, status, state, next_attempt_at, may_have_arrived FROM outbox FINAL
    ),
    chosen AS
    (
        SELECT o.notification_id AS notification_id, f.state AS firing_state, f.may_have_arrived AS firing_may_have_arrived
        FROM (SELECT * FROM standing WHERE state = 'due' AND next_attempt_at <= {now:DateTime64(6, 'UTC')}) AS o
        LEFT JOIN (SELECT * FROM standing WHERE status = 'firing') AS f
            ON o.alert_id = f.alert_id AND o.channel = f.channel
        WHERE o.status = 'firing' OR f.notification_id = '' OR f.state != 'due'
        ORDER BY o.next_attempt_at, o.status, o.notification_id
        LIMIT 1
    )
SELECT entry.*, chosen.firing_state, chosen.firing_may_have_arrived
FROM (SELECT * FROM outbox FINAL WHERE notification_id IN (SELECT notification_id FROM chosen)) AS entry
CROSS JOIN chosen
