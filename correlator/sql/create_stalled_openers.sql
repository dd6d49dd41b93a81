-- Grain: one event that opened a stalled instance of an object that it does not name. Caller: correlator.reasoning.
CREATE OR REPLACE TEMPORARY TABLE stalled_openers
(
    by_event String, at DateTime64(6, 'UTC'), told Tuple(String, String, String, String)
)
ENGINE = Memory
