"""The due times of bound instances by the arithmetic that ships (`core/sql/due_at.sql`), to hold against Python's."""

from core.sql import expanded

# Grain: one bound instance, in the order given: when it falls due, NULL where its calendar has no such time.
DUE_AT = expanded("""
WITH
    instances AS
    (
        SELECT
            item.1 AS instance,
            item.2 AS calendar,
            toUnixTimestamp64Micro(item.3) AS opened_us,
            item.4 AS unit,
            item.5 AS amount,
            []::Array(Tuple(Int64, Int64)) AS pauses
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
""")
