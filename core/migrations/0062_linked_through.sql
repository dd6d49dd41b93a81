-- What one correlator run works on, as in 0006: which objects the conditions of handoffs look at. Of an object of the run, what is
-- linked with it; `is_further`: of what lies between it and what is looked at through that, what is linked with that.

CREATE TABLE IF NOT EXISTS run_linked
(
    revision    UInt64,
    object_type LowCardinality(String),
    object_id   String,
    is_further  Bool,
    of_type     LowCardinality(String),
    of_id       String
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id)
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1;

CREATE TABLE IF NOT EXISTS tick_linked AS run_linked ENGINE = Memory;

-- Objects whose conditions look at the same, for one handoff and kind of document by which its reversals are weighed (`matter`):
-- as `object_id`, the least of `objects`. `ways`: where they look, each an object, or what is linked with one that lies between.
CREATE TABLE IF NOT EXISTS run_alike
(
    revision  UInt64,
    matter    UInt16,
    object_id String,
    objects   Array(String),
    ways      Array(Tuple(through String, of_type String, by_id String))
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (matter, object_id)
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1;

CREATE TABLE IF NOT EXISTS tick_alike AS run_alike ENGINE = Memory;
