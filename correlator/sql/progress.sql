-- Grain: one row: how far the correlator has followed the facts: the least of its models' newest runs.
-- Caller: correlator.journeys.Journeys.progress.
SELECT minOrNull(watermark) AS watermark, max(revision) AS revision,
    (SELECT count() FROM events) AS events
FROM (SELECT model, max(watermark) AS watermark, max(revision) AS revision FROM correlator_runs GROUP BY model)
