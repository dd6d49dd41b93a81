-- Grain: one integration and one of the 24 hours up to {as_of} in which anything arrived; `hours_back` 0 is the hour that ends
-- with the minute of {as_of}. Caller: collector.health.HealthStore.hours.
WITH 3600000000 AS hour
SELECT
    integration,
    hours_back,
    sum(events) AS events,
    sum(spans) AS spans,
    sum(failed) AS failed_spans,
    sum(quarantined) AS quarantined
FROM
(
    SELECT
        integration::String AS integration,
        intDiv(toUnixTimestamp64Micro({as_of:DateTime64(6, 'UTC')}) - toInt64(toUnixTimestamp(minute)) * 1000000, hour) AS hours_back,
        sumIf(records, kind = 'events') AS events,
        sumIf(records, kind = 'spans') AS spans,
        sum(arrivals.failed) AS failed,
        toUInt64(0) AS quarantined
    FROM arrivals
    WHERE minute > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY AND minute <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY integration, hours_back
    UNION ALL
    SELECT
        integration::String,
        intDiv(toUnixTimestamp64Micro({as_of:DateTime64(6, 'UTC')})
            - toInt64(toUnixTimestamp(toStartOfMinute(quarantined_at))) * 1000000, hour) AS hours_back,
        0, 0, 0, count()
    FROM quarantine
    WHERE quarantined_at > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY
      AND toStartOfMinute(quarantined_at) > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY
      AND toStartOfMinute(quarantined_at) <= {as_of:DateTime64(6, 'UTC')}
-- include: collector/health_quarantined_once
    GROUP BY integration, hours_back
)
GROUP BY integration, hours_back
ORDER BY integration, hours_back DESC
