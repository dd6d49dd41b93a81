-- Grain: one row: how much is stalled, and how much is open in all. Caller: correlator.stalls.Stalls.summary, whatever the cause.
WITH
-- include: correlator/stalls_due
    ,
    stalls AS
    (
        SELECT * FROM stalled_by_then
    ),
-- include: correlator/stall_sum
