-- Grain: one version of one notification, with who wrote it. Caller: alerts.outbox.Outbox.write.
SELECT claim FROM outbox
WHERE notification_id = {notification_id:String} AND version = {version:UInt64}
