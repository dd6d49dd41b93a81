-- Grain: one promise with a due time, as of an instant. Caller: slo.forecast.Forecasts.
CREATE OR REPLACE TEMPORARY TABLE forecast_seen
(
    instance UInt64, model LowCardinality(String), handoff LowCardinality(String), criticality LowCardinality(String),
    facility LowCardinality(String), opened_us Int64, seen_us Int64, due_us Int64, kind UInt8, teaches Bool,
    stopped Array(Tuple(Int64, Int64))
)
ENGINE = Memory
