-- Grain: one object that something stalled hangs on, and one of its documents. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_documents
(
    model String, on_type String, on_id String, by_type String, by_id String
)
ENGINE = Memory
