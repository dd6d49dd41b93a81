-- Grain: one part of an objective and one stretch of time, of promises that are decided by their own due time.
-- Caller: slo.outcomes.Outcomes.
WITH
    promised AS
    (
-- include: slo/promises
    )
-- include: slo/outcomes_counted
