-- Grain: one handoff, criticality and facility whose target is in business time. Caller: slo.forecast.Forecasts.
CREATE OR REPLACE TEMPORARY TABLE forecast_calendars
(
    model String, handoff String, criticality String, facility String, calendar String
)
ENGINE = Memory
