-- Grain: one handoff instance that is forecast, with its chances. Caller: slo.forecast.Forecasts.
CREATE OR REPLACE TEMPORARY TABLE forecast_chances
(
    instance UInt64, late Nullable(Float64), in_time Nullable(Float64), withheld String, is_own Bool, closed_like_it UInt64
)
ENGINE = Memory
