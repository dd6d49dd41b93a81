-- Grain: one switch-over of a model that had begun before another, {revision} from tables {beside}, and was not done.
-- Caller: correlator.switch_over.SwitchOver.
SELECT beside
FROM switch_overs
WHERE model = {model:String} AND NOT is_done AND (revision, beside) < ({revision:UInt64}, {beside:UInt64})
  AND (revision, beside) > (SELECT max((revision, beside)) FROM switch_overs WHERE model = {model:String} AND is_done)
