-- Grain: one zone with the stretches of its dates, and a digest of them. Caller: slo.day_ends, slo.calendars.
SELECT zone, since, ends_after, until, published_at, lower(hex(MD5(concat(toString(since), toString(ends_after), toString(until))))) AS digest
FROM day_ends FINAL
ORDER BY zone
