-- Grain: one stalled object and one that it hangs on. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_hangs
(
    model String, object_type String, object_id String, on_type String, on_id String
)
ENGINE = Memory
