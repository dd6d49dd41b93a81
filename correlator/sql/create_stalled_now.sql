-- Grain: one stalled handoff instance; `total` counts all that the filters let through, where a page was asked for. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_now
(
    model LowCardinality(String), handoff LowCardinality(String), object_type LowCardinality(String), object_id String,
    cycle UInt32, journey_type LowCardinality(String), journey_id String, journeys UInt32, opened_at DateTime64(6, 'UTC'),
    opened_by String, due_at DateTime64(6, 'UTC'), overdue_seconds Int64, facility LowCardinality(String),
    supplier LowCardinality(String), department LowCardinality(String), spend_category LowCardinality(String),
    criticality LowCardinality(String), flow_type LowCardinality(String), amount Nullable(Decimal(18, 4)),
    currency LowCardinality(String), title String, owner String, awaits String, starts_elsewhere Bool,
    needs Array(Tuple(String, String, Array(String), String, Array(String), Array(String))), key String, signature String,
    total UInt64
)
ENGINE = Memory
