    -- Grain: one stalled handoff instance at {as_of} with its cause, as `stalls`; see stalls_reasoned.
    -- Caller: included by stall_page, stall_groups and stall_summary (correlator.stalls.Stalls).
-- include: correlator/stalls_due
    ,
    overdue AS MATERIALIZED
    (
        SELECT * FROM stalled_by_then
    ),
-- include: correlator/stalls_hangs
    ,
-- include: correlator/stalls_documents
    ,
-- include: correlator/stalls_reasoned
    ,
    stalls AS
    (
        SELECT * FROM judged
        WHERE empty({cause:Array(String)}) OR has({cause:Array(String)}, cause) OR has({cause:Array(String)}, signature)
    )