"""The business time of bound stretches by the arithmetic that ships (`core/sql/elapsed.sql`), to hold against Python's."""

from core.sql import expanded

# Grain: one bound stretch, in the order given: whole seconds of business time in it.
ELAPSED = expanded("""
WITH
    stretches AS
    (
        SELECT item.1 AS stretch, item.2 AS calendar, toUnixTimestamp64Micro(item.3) AS since_us, toUnixTimestamp64Micro(item.4) AS until_us
        FROM
        (
            SELECT arrayJoin(arrayZip(
                arrayEnumerate({calendars:Array(String)}),
                {calendars:Array(String)},
                {since:Array(DateTime64(6, 'UTC'))},
                {until:Array(DateTime64(6, 'UTC'))}
            )) AS item
        )
    ),
-- include: core/elapsed
SELECT stretch AS position, business_seconds
FROM elapsed
ORDER BY position
""")
