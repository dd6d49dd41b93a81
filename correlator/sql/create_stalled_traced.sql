-- Grain: one object that something stalled hangs on, with the spans on it. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_traced
(
    object_type String, object_id String,
    spans Array(Tuple(String, DateTime64(9, 'UTC'), String, String, String, String, Int8))
)
ENGINE = Memory
