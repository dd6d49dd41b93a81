-- Grain: one integration and kind (events, spans) of which anything arrived in the last {minutes} minutes, the minute of
-- {as_of} included: how many; seconds at the 50th, 95th and 99th percentile; when the last came, and the newest moment told
-- of in the minute in which it did. Caller: collector.health.HealthStore.figures.
SELECT
    integration::String AS integration,
    kind::String AS kind,
    sum(records) AS arrived,
    sum(arrivals.failed) AS failed,
    quantilesBFloat16Merge(0.5, 0.95, 0.99)(arrivals.delay) AS delay,
    quantilesBFloat16Merge(0.5, 0.95, 0.99)(arrivals.latency) AS latency,
    max(arrivals.last_received) AS last_received,
    argMax(arrivals.newest, (minute, arrivals.newest)) AS newest
FROM arrivals
WHERE minute > {as_of:DateTime64(6, 'UTC')} - toIntervalMinute({minutes:UInt32}) AND minute <= {as_of:DateTime64(6, 'UTC')}
GROUP BY integration, kind
