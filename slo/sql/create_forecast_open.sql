-- Grain: one handoff instance that is forecast. Caller: slo.forecast.Forecasts.
CREATE OR REPLACE TEMPORARY TABLE forecast_open
(
    instance UInt64, model LowCardinality(String), handoff LowCardinality(String), object_type LowCardinality(String), object_id String,
    cycle UInt32, journey_type LowCardinality(String), journey_id String, facility LowCardinality(String),
    supplier LowCardinality(String), department LowCardinality(String), spend_category LowCardinality(String),
    criticality LowCardinality(String), amount Nullable(Decimal(18, 4)), currency LowCardinality(String),
    opened_at DateTime64(6, 'UTC'), due_at DateTime64(6, 'UTC')
)
ENGINE = Memory
