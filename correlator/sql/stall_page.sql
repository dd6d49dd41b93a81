-- Grain: one stalled handoff instance of a page that was chosen before, in the asked order. Caller: correlator.stalls.Stalls.
SELECT * FROM stalled_judged
ORDER BY
-- include: correlator/stalls_in_order
