    -- Grain: one promise made by {as_of}, as `instances`: how it stood then. What a reversal reopened, and whose clock goes on,
    -- is the promise that it was: its newest cycle by then counts, from first_opened_at, and the cycles before it do not.
    -- Durations in clock microseconds. Caller: included by lag.
    instances AS
    (
        SELECT
            arrayMap(name -> multiIf(
                name = 'facility', toString(facility),
                name = 'handoff', toString(handoff),
                name = 'supplier', toString(supplier),
                name = 'spend_category', toString(spend_category),
                name = 'department', toString(department),
                name = 'criticality', toString(criticality),
                toString(model)
            ), {group_by:Array(String)}) AS keys,
            ifNull(closed_at <= {as_of:DateTime64(6, 'UTC')}, false) AS is_closed,
            ifNull(cancelled_at <= {as_of:DateTime64(6, 'UTC')}, false) AND NOT is_closed AS is_cancelled,
            multiIf(is_closed, assumeNotNull(closed_at), is_cancelled, assumeNotNull(cancelled_at),
                    {as_of:DateTime64(6, 'UTC')}) AS seen_until,
            toUnixTimestamp64Micro(seen_until) - toUnixTimestamp64Micro(first_opened_at) AS lasted_us,
            -- Still running at due_at, and due_at is past: the promise was broken, whatever came after.
            ifNull(is_closed AND closed_at <= due_at, false) AS is_good,
            ifNull(due_at < seen_until, false) AS is_bad
        FROM handoffs FINAL
        WHERE is_gone = 0
            AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND (model, handoff, object_type, object_id, cycle) NOT IN
            (
                SELECT model, handoff, object_type, object_id, (cycle - 1)::UInt32
                FROM handoffs FINAL
                WHERE is_gone = 0 AND first_opened_at < opened_at AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            )
            AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
-- include: core/chosen_criticality
            AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff))
    )
