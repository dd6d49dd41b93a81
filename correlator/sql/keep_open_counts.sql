-- Grain: how many handoffs are open at {as_of} under one combination of dimensions, kept as part of {reckoning}.
-- Caller: correlator.kept_stalls.
INSERT INTO kept_open_counts (reckoning, facility, supplier, spend_category, department, criticality, handoff, open_handoffs)
SELECT {reckoning:String}, facility, supplier, spend_category, department, criticality, handoff, count()
FROM {handoffs:Identifier} FINAL
WHERE model IN {models:Array(String)} AND opened_at <= {as_of:DateTime64(6, 'UTC')}
  AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
  AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
GROUP BY facility, supplier, spend_category, department, criticality, handoff
