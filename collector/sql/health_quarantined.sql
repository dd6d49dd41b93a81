-- Grain: one integration and reason: records that went to quarantine in the last {minutes} minutes, the minute of
-- {as_of} included. A request that was stored twice counts once, as on the page.
-- Caller: collector.health.HealthStore.figures.
SELECT integration::String AS integration, reason::String AS reason, count() AS records
FROM quarantine
WHERE quarantined_at > {as_of:DateTime64(6, 'UTC')} - toIntervalMinute({minutes:UInt32})
  AND toStartOfMinute(quarantined_at) > {as_of:DateTime64(6, 'UTC')} - toIntervalMinute({minutes:UInt32})
  AND toStartOfMinute(quarantined_at) <= {as_of:DateTime64(6, 'UTC')}
-- include: collector/health_quarantined_once
GROUP BY integration, reason
