-- Grain: one row: the newest switch-over of a model that ever began. Caller: correlator.switch_over.SwitchOver.
SELECT max(revision) AS revision FROM switch_overs WHERE model = {model:String}
