-- Grain: one row: how many are stalled, and how many of them in several journeys. Caller: correlator.stalls.Stalls.
SELECT count() AS stalled, countIf(journeys > 1) AS shared FROM stalled_now
