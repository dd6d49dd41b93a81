-- Grain: one step of the curve of one segment. Caller: slo.forecast.Forecasts.
CREATE OR REPLACE TEMPORARY TABLE forecast_curves
(
    segment UInt64, at Int64, late Float64, in_time Float64, longer UInt64, closed UInt64, is_watched Bool
)
ENGINE = Memory
