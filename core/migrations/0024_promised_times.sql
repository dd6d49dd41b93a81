-- Times that facts promise: a handoff can be due when an attribute of its object's events says so.

-- Grain: one zone: when its days end. From local date `since[n]` on, up to and without `until`, each date ends
-- `ends_after[n]` seconds after the midnight UTC of that date; published by slo.day_ends, as zones are known to Python.
CREATE TABLE IF NOT EXISTS day_ends
(
    zone         String,
    since        Array(Date32),
    ends_after   Array(Int32),
    until        Date32,
    published_at DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(published_at)
ORDER BY zone;

-- What one run works on, as in 0006. Grain: one handoff of one object of this run with the times that were promised for it,
-- in order of precedence: (when it was said, for when), in UTC microseconds.
CREATE TABLE IF NOT EXISTS run_promises
(
    revision    UInt64,
    handoff     LowCardinality(String),
    object_type LowCardinality(String),
    object_id   String,
    said        Array(Tuple(told_us Int64, promised_us Int64))
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);
