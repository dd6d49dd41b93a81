-- Grain: one bound instance, in the order given: when it falls due, NULL where its calendar has no such time.
-- Caller: tests/slo/test_due_at_sql.py; proves that core/sql/due_at.sql equals slo/business_time.py.
WITH
    instances AS
    (
        SELECT
            item.1 AS instance,
            item.2 AS calendar,
            toUnixTimestamp64Micro(item.3) AS opened_us,
            item.4 AS unit,
            item.5 AS amount
        FROM
        (
            SELECT arrayJoin(arrayZip(
                arrayEnumerate({calendars:Array(String)}),
                {calendars:Array(String)},
                {opened_at:Array(DateTime64(6, 'UTC'))},
                {units:Array(String)},
                {amounts:Array(Int64)}
            )) AS item
        )
    ),
-- include: core/due_at
SELECT instance AS position, due_at
FROM reckoned
ORDER BY position
