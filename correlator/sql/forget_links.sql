-- Grain: all links of one model. Caller: correlator.tick.Correlator.rebuild: links are never withdrawn one by one.
DELETE FROM links WHERE model = {model:String}
