    -- Grain: one text that says when something is promised for: whether it is a date or a time of ISO 8601. A day that no month has is
    -- not what comes of reading it. Caller: included by the statements that read promises, with `text` and `day`, its first ten characters read.
    toString(day) = left(text, 10) AND toYear(day) BETWEEN 1970 AND 2199 AND (length(text) = 10 OR match(text,
        '^.{10}[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?(Z|[+-]([01]\\d|2[0-3])(:?[0-5]\\d)?)?$'))
