-- Grain: one handoff instance that is open at {as_of} and falls due by {horizon}: how likely it is to be late. The likeliest
-- first, those that are withheld last. Caller: slo.forecast.Forecasts.page.
SELECT
    model, handoff, object_type, object_id, journey_type, journey_id,
    facility, supplier, department, spend_category, criticality, amount, currency,
    opened_at,
    due_at,
    late,
    in_time,
    withheld,
    is_own,
    closed_like_it,
    count() OVER () AS total
FROM forecast_open
INNER JOIN forecast_chances USING (instance)
ORDER BY late DESC NULLS LAST, due_at, model, handoff, object_type, object_id, cycle
LIMIT {limit:UInt32} OFFSET {after:UInt64}
