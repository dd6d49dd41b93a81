-- Grain: one row: how many rows `open_handoffs` has of one model, and how many of them say that an instance is gone.
-- Caller: correlator.open_handoffs.clean, on each node.
SELECT count() AS instances, countIf(is_gone = 1) AS gone FROM open_handoffs WHERE model = {model:String}
