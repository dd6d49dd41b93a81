-- Grain: all links of one model, by parent. Caller: correlator.tick.Correlator.rebuild.
DELETE FROM parent_links WHERE model = {model:String}
