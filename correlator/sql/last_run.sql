-- Grain: the newest finished run of a model. Caller: correlator.tick.Correlator.
SELECT revision, watermark, definitions FROM correlator_runs WHERE model = {model:String} ORDER BY revision DESC LIMIT 1
