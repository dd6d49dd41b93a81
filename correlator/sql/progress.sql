-- Grain: one row: how far the correlator had followed the facts by {at}: the least of its models' newest runs.
-- Caller: correlator.journeys.Journeys.progress.
SELECT minOrNull(watermark) AS watermark, max(revision) AS revision,
    (SELECT count() FROM events) AS events
FROM (SELECT model, max(watermark) AS watermark, max(revision) AS revision FROM correlator_runs
      WHERE finished_at <= {at:DateTime64(6, 'UTC')} GROUP BY model)
