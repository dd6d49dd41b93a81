-- Grain: the rows of `open_handoffs` that say that an instance of one model is gone.
-- Caller: correlator.open_handoffs.clean, on each node.
OPTIMIZE TABLE open_handoffs PARTITION {model:String} FINAL CLEANUP
