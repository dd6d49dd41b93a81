-- Grain: one row: versions of events that do not hold and that the model has not settled, and of how many it may have derived
-- something (what is gone from the events counts as long known). Caller: correlator.conflicts.
WITH
-- include: correlator/unsettled_versions
SELECT count() AS versions, countIf(stored_at <= read_up_to) AS derived FROM version
