-- Grain: one integration that was heard by {as_of}: when it last was. Caller: web.telemetry.Telemetry.integrations.
WITH
-- include: core/last_heard
SELECT integration, heard_at AS last_seen FROM last_heard WHERE integration != '' ORDER BY integration
