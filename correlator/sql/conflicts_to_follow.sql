-- Grain: one row: versions of events that do not hold and were noticed after what the model's newest rebuild had read.
-- Caller: correlator.tick.Correlator: what they had said is in links and members.
SELECT count() AS versions
FROM superseded_events
WHERE noticed_at > (SELECT max(watermark) FROM switch_overs WHERE model = {model:String} AND is_done)
