-- Grain: one stalled handoff instance with its cause. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_judged
(
    model LowCardinality(String), handoff LowCardinality(String), object_type LowCardinality(String), object_id String,
    cycle UInt32, journey_type LowCardinality(String), journey_id String, journeys UInt32, opened_at DateTime64(6, 'UTC'),
    opened_by String, due_at DateTime64(6, 'UTC'), overdue_seconds Int64, facility LowCardinality(String),
    supplier LowCardinality(String), department LowCardinality(String), spend_category LowCardinality(String),
    criticality LowCardinality(String), flow_type LowCardinality(String), amount Nullable(Decimal(18, 4)),
    currency LowCardinality(String), title String, owner String, awaits String, key String, total UInt64, cause String,
    cause_summary String, signature String, trace_id String,
    evidence Array(Tuple(String, String, Nullable(DateTime64(6, 'UTC')), String, String, String, String, String, String))
)
ENGINE = Memory
