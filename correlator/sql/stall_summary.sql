-- Grain: one row: how much is stalled, and how much is open in all. Caller: correlator.stalls.Stalls.summary, of chosen causes.
WITH
-- include: correlator/stalls
    ,
-- include: correlator/stall_sum
