-- Grain: one table: the days that it keeps rows, 0 where it keeps them for ever. Caller: core.retention.
SELECT name AS table, toUInt32OrZero(extract(engine_full, 'TTL \\w+ \\+ toIntervalDay\\((?:_CAST\\()?(\\d+)')) AS retention_days
FROM system.tables
WHERE database = currentDatabase() AND name IN {tables:Array(String)}
