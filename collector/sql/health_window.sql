-- Grain: one integration and kind (events, spans) that sent anything in the day before {as_of}: what arrived in the last
-- {minutes} minutes, the minute of {as_of} included; seconds at the 50th, 95th and 99th percentile; when the last arrived,
-- and the newest moment told of in the minute in which it did. Caller: collector.health.HealthStore.figures.
WITH minute > {as_of:DateTime64(6, 'UTC')} - toIntervalMinute({minutes:UInt32}) AS inside
SELECT
    integration::String AS integration,
    kind::String AS kind,
    sumIf(records, inside) AS arrived,
    sumIf(arrivals.failed, inside) AS failed,
    quantilesDDMergeIf(0.0033, 0.5, 0.95, 0.99)(arrivals.delay, inside) AS delay,
    quantilesDDMergeIf(0.0033, 0.5, 0.95, 0.99)(arrivals.latency, inside) AS latency,
    max(arrivals.last_received) AS last_received,
    argMax(arrivals.newest, (minute, arrivals.newest)) AS newest
FROM arrivals
WHERE minute > {as_of:DateTime64(6, 'UTC')} - INTERVAL 1 DAY AND minute <= {as_of:DateTime64(6, 'UTC')}
GROUP BY integration, kind
