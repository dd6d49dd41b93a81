-- Grain: one id of an object that something stalled hangs on. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_named
(
    object_type String, object_id String, sent_id String
)
ENGINE = Memory
