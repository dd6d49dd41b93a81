-- Grain: one promise, with how much of it was used up. Caller: slo.forecast.Forecasts.
CREATE OR REPLACE TEMPORARY TABLE forecast_ran
(
    instance UInt64, teaches Bool, everyones UInt64, alike UInt64, own UInt64, used UInt32, kind UInt8
)
ENGINE = Memory
