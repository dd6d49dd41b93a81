-- Grain: the newest switch-over of a model that has begun, where it is not done, and whether its rebuild is recorded: all is in
-- force then. Caller: correlator.switch_over.SwitchOver.
SELECT revision, watermark, definitions, roots, beside,
    (revision, watermark, definitions) IN
        (SELECT revision, watermark, definitions FROM correlator_runs WHERE model = {model:String} AND kind = 'rebuild') AS is_recorded
FROM switch_overs
WHERE model = {model:String} AND NOT is_done
  AND (revision, beside) > (SELECT max((revision, beside)) FROM switch_overs WHERE model = {model:String} AND is_done)
ORDER BY revision DESC, beside DESC
LIMIT 1
