    -- Grain: of one `instance`, when it was told that it had ended as it did: an expression. Of an end that is told repeatedly
    -- (`instance.25`: (when it happened, when that was received) of each telling) the first reception counts: where it ended by
    -- `due_at`, of those tellings that say it ended by then; else of all. Caller: included by correlator/sql/write_*handoffs.sql.
    multiIf(
        instance.9 = 0, NULL,
        empty(instance.25), instance.24,
        arrayMin(
            telling -> telling.2,
            arrayFilter(telling -> ifNull(telling.1 <= due_at OR instance.8 > due_at, true), instance.25))),
