-- Grain: one event that names an object which something stalled hangs on, or a document of it. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_heard
(
    object_type String, object_id String, event_type String, occurred_at DateTime64(6, 'UTC'), integration String,
    event_id String
)
ENGINE = Memory
