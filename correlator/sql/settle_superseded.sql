-- Grain: one version of an event that does not hold and was stored after all that runs of the model which began read: none of
-- them could derive from it, and none that begins from now on will. Caller: correlator.conflicts.
INSERT INTO settled_versions (model, integration, event_id, content_hash)
WITH
-- include: correlator/unsettled_versions
SELECT {model:String}, integration, event_id, content_hash
FROM version
WHERE stored_at > read_up_to
