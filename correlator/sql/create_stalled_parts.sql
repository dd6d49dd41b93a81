-- Grain: one stalled document of several journeys, with its part of each. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_parts
(
    model String, object_type String, object_id String, parts Array(Tuple(String, String, Int128))
)
ENGINE = Memory
