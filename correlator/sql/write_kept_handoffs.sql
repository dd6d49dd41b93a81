-- Grain: one instance in force of the handoffs that a changed model defines as before. Caller: correlator.tick.Correlator.
INSERT INTO {handoffs:Identifier}
SELECT * FROM handoffs FINAL WHERE model = {model:String} AND handoff IN {kept:Array(String)}
