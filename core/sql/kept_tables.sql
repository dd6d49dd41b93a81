-- Grain: one table of facts: the oldest receipt in it (NULL: it is empty), its rows, bytes on disk and active parts.
-- Caller: core.retention.kept.
WITH
    oldest AS
    (
        SELECT 'spans' AS name, minOrNull(received_at) AS oldest FROM spans
        UNION ALL SELECT 'span_objects', minOrNull(received_at) FROM span_objects
        UNION ALL SELECT 'trace_index', minOrNull(received_at) FROM trace_index
        UNION ALL SELECT 'events', minOrNull(received_at) FROM events
        UNION ALL SELECT 'event_objects', minOrNull(received_at) FROM event_objects
        UNION ALL SELECT 'aliased_event_objects', minOrNull(received_at) FROM aliased_event_objects
        UNION ALL SELECT 'quarantine', minOrNull(quarantined_at) FROM quarantine
        UNION ALL SELECT 'quarantine_changes', minOrNull(quarantined_at) FROM quarantine_changes
    ),
    stored AS
    (
        SELECT table AS name, sum(p.rows) AS rows, sum(p.bytes_on_disk) AS bytes_on_disk, count() AS parts
        FROM system.parts AS p
        WHERE database = currentDatabase() AND active AND p.rows > 0
        GROUP BY table
    )
SELECT name AS table, oldest, rows, bytes_on_disk, parts
FROM oldest LEFT JOIN stored USING (name)
