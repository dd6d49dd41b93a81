            -- How an instance stood at `seen_at`, in the list of a SELECT. Grain: one instance. Caller: included by
            -- lag_instances and lag_compared.
            opened_us,
            ifNull(closed_at <= seen_at, false) AS is_closed,
            ifNull(cancelled_at <= seen_at, false) AND NOT is_closed AS is_cancelled,
            multiIf(is_closed, assumeNotNull(closed_at), is_cancelled, assumeNotNull(cancelled_at), seen_at) AS seen_until,
            toUnixTimestamp64Micro(seen_until) - opened_us AS lasted_us,
            -- Still running at due_at, and due_at is past: the promise was broken, whatever came after.
            ifNull(is_closed AND closed_at <= due_at, false) AS is_good,
            ifNull(due_at < seen_until, false) AS is_bad
