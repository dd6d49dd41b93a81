-- Grain: the switch-over of a model that has begun and is not done; none where all are.
-- Caller: correlator.switch_over.SwitchOver.
SELECT revision, watermark, definitions, roots
FROM switch_overs
WHERE model = {model:String} AND NOT is_done
  AND revision NOT IN (SELECT revision FROM switch_overs WHERE model = {model:String} AND is_done)
ORDER BY revision DESC
LIMIT 1
