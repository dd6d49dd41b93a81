-- Grain: one stalled object with an exception that is open on it. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_exceptions
(
    on_type String, on_id String, raised Tuple(String, DateTime64(6, 'UTC'), String, String, String)
)
ENGINE = Memory
