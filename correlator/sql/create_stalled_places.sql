-- Grain: one place, one thing that may be lacking there, and whether it stands. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_places
(
    model String, on_type String, on_id String, may_lack Tuple(String, String),
    spans Array(Tuple(String, DateTime64(9, 'UTC'), String, String, String, String, Int8)), stands UInt8
)
ENGINE = Memory
