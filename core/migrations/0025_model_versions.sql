-- Which models were in force, and since when; and of each run what made it derive anew, and what it derived.

-- Grain: one model as a correlator met it, where it differs from the one it met before. `number` counts them, from 1; one
-- that comes back is met again. `definition` is the whole model as JSON.
CREATE TABLE IF NOT EXISTS model_versions
(
    model          LowCardinality(String),
    number         UInt32,
    fingerprint    String,
    version        UInt32,
    definition     String CODEC(ZSTD),
    in_force_since DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (model, number, fingerprint);

ALTER TABLE correlator_runs ADD COLUMN IF NOT EXISTS changed Array(String);

ALTER TABLE correlator_runs ADD COLUMN IF NOT EXISTS derived String;
