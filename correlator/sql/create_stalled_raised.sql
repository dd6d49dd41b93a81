-- Grain: one exception that was raised on something stalled. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_raised (object_id String) ENGINE = Memory
