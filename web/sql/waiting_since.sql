-- Grain: one row: when the oldest fact that the correlator has not followed was stored; NULL where it has followed all.
-- Caller: web.telemetry.Telemetry.waiting_since.
SELECT if(count() = 0, NULL, min(stored_at)) AS waiting_since
FROM touched_objects
WHERE stored_at > {watermark:DateTime64(6, 'UTC')}
