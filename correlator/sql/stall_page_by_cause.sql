-- Grain: one stalled handoff instance, in the asked order; `total` counts all that the filters let through.
-- Caller: correlator.stalls.Stalls, where causes choose or order.
SELECT *, count() OVER () AS total FROM stalled_judged
ORDER BY
-- include: correlator/stalls_in_order
LIMIT {limit:UInt64} OFFSET {after:UInt64}
