    -- Grain: one stalled handoff instance of what was kept of {reckoning}, under the filters. Caller: included by stall_groups and
    -- stall_money (correlator.stalls).
    SELECT * FROM kept_stalls
    WHERE
-- include: correlator/kept_chosen_causes
