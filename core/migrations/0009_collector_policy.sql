-- What the collector lets through, as it was last published: the limits on a record and how private values are known.
-- The landing views read the newest row, so that redaction and limits cost the engine, not Python; with no row at all
-- nothing can be stored.
-- Words are in lower case, padded with spaces (" patient name "), since they are searched for in padded keys.

CREATE TABLE IF NOT EXISTS collector_policy
(
    published_at         DateTime64(6, 'UTC'),
    denied_words         Array(String),
    allowed_words        Array(String),
    allow_only           Bool,
    patterns             Array(Tuple(name String, pattern String)),
    any_pattern          String, -- the patterns as one
    max_attributes       UInt32,
    max_key_bytes        UInt32,
    max_value_bytes      UInt32,
    max_array_elements   UInt32,
    max_nesting          UInt32,
    max_age_us           Int64,
    max_skew_us          Int64,
    -- What single integrations ask for beyond that: mode ('deny', 'allow', '' as the rest), denied words, allowed words.
    overrides            Map(String, Tuple(mode String, denied_words Array(String), allowed_words Array(String))),
    allowed_types        Map(String, Array(String)) -- "invoice.received" or "invoice.*"; an integration that is not here may send any
)
ENGINE = MergeTree
ORDER BY published_at;
