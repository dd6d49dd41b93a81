-- Grain: one handoff instance that is open at {as_of}, whose clock does not stand still, and that falls due by {horizon}.
-- Caller: slo.forecast.Forecasts.
INSERT INTO forecast_open
SELECT
    cityHash64(model::String, handoff::String, object_type::String, object_id, cycle),
    model, handoff, object_type, object_id, cycle, journey_type, journey_id,
    facility, supplier, department, spend_category, criticality, amount, currency,
    first_opened_at,
    assumeNotNull(due_at)
FROM {handoffs:Identifier} FINAL
WHERE is_gone = 0
    AND opened_at <= {as_of:DateTime64(6, 'UTC')}
    AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
    AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
    AND due_at >= {as_of:DateTime64(6, 'UTC')}
    AND due_at <= {horizon:DateTime64(6, 'UTC')}
    AND NOT arrayExists(
        pause -> pause.1 <= {as_of:DateTime64(6, 'UTC')} AND (pause.2 IS NULL OR pause.2 > {as_of:DateTime64(6, 'UTC')}), pauses)
-- include: slo/chosen_handoffs
