-- Grain: one model: the newest end that write_open_handoffs, which comes before, left out. Caller: correlator.tick.Correlator.
INSERT INTO open_handoffs_since (model, since)
SELECT model, max(coalesce(closed_at, cancelled_at)) FROM {handoffs:Identifier}
WHERE model = {model:String} AND coalesce(closed_at, cancelled_at) <= now64(6, 'UTC')
GROUP BY model
