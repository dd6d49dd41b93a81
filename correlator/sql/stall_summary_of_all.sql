-- Grain: one row: how much is stalled, and how much is open in all. Caller: correlator.stalls.Stalls.summary, whatever the cause.
WITH
-- include: correlator/stalls_due
    ,
    overdue AS MATERIALIZED
    (
        SELECT * FROM stalled_by_then
    ),
    stalls AS
    (
        SELECT * FROM overdue
    ),
-- include: correlator/stall_sum
