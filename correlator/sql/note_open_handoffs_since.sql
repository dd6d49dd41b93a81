-- Grain: one model: the newest end of an instance that is gone from `open_handoffs`, before such rows are cleaned from it.
-- Caller: correlator.open_handoffs.clean, on each node.
INSERT INTO open_handoffs_since (model, since)
SELECT model, max(coalesce(closed_at, cancelled_at)) FROM open_handoffs
WHERE model = {model:String} AND is_gone = 1 AND isNotNull(coalesce(closed_at, cancelled_at))
GROUP BY model
