-- What one correlator run works on, as in 0006: what the conditions of handoffs look at beside an object. Of what is linked with it
-- directly `through` is empty; else it is the type of what both are linked with.

CREATE TABLE IF NOT EXISTS run_linked
(
    revision    UInt64,
    object_type LowCardinality(String),
    object_id   String,
    through     LowCardinality(String),
    of_type     LowCardinality(String),
    of_id       String
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id)
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1;

CREATE TABLE IF NOT EXISTS tick_linked AS run_linked ENGINE = Memory;
