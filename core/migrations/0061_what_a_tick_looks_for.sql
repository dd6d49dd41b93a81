-- What one tick works on, as in 0006. Grain: one journey that an object of this run stood in before it. Read once, and no longer from
-- what the run has just written: a look for a thousand objects costs the more, the more is stored (docs/adr/0020).
CREATE TABLE IF NOT EXISTS run_standing
(
    revision    UInt64,
    object_type LowCardinality(String),
    object_id   String,
    root_type   LowCardinality(String),
    root_id     String
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id)
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1;

CREATE TABLE IF NOT EXISTS tick_standing AS run_standing ENGINE = Memory;

-- A tick asks for all handoffs of a thousand objects, and of each column unpacked 64 kB at each place. Of what it asks by, 4 kB are
-- packed together now (0060); of the other columns too, the table would be twice its size. Parts that stand stay as they are.
ALTER TABLE handoffs MODIFY COLUMN object_type MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE handoffs MODIFY COLUMN object_id MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE handoffs MODIFY COLUMN handoff MODIFY SETTING min_compress_block_size = 4096;

ALTER TABLE handoffs MODIFY COLUMN cycle MODIFY SETTING min_compress_block_size = 4096;
