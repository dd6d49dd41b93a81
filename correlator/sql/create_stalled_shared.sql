-- Grain: one stalled document of several journeys in one of them. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_shared
(
    model LowCardinality(String), object_type LowCardinality(String), object_id String, root_type LowCardinality(String),
    root_id String, begun Int128, currency String
)
ENGINE = Memory
