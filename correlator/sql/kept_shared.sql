-- Grain: one row: how much of what was kept of {reckoning} under the filters belongs to several journeys. Caller: correlator.kept_stalls.
SELECT count() AS shared FROM kept_stalls
WHERE journeys > 1 AND
-- include: correlator/kept_chosen
