-- Grain: one stalled handoff instance with all that its cause is judged by. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_surrounded
(
    key String, model String, handoff String, object_type String, object_id String, flow_type LowCardinality(String),
    opened_at DateTime64(6, 'UTC'), opened_by String, owner String, awaits String,
    needs Array(Tuple(String, String, Array(String), String, Array(String), Array(String))),
    near Array(Tuple(String, String, Tuple(String, String), UInt8, Array(Tuple(String, DateTime64(9, 'UTC'), String, String, String, String, Int8)))),
    raised Tuple(String, DateTime64(6, 'UTC'), String, String, String), has_exception UInt8,
    opened_with Tuple(String, String, String, String)
)
ENGINE = Memory
