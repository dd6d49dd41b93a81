-- What is open is asked for with every page, and is a small part of all there ever was (docs/adr/0023). `open_handoffs` has each
-- handoff instance that had not ended when it was derived, by the engine's clock, as `handoffs` has it; what has ended since
-- is gone there, and says when it ended. An `as_of` that is no earlier than the newest such end finds in it all that was open.

CREATE TABLE IF NOT EXISTS open_handoffs AS handoffs
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, object_type, object_id, handoff, cycle)
SETTINGS index_granularity = 512, allow_experimental_replacing_merge_with_cleanup = 1;

-- Grain: one model: the newest end of an instance that was left out of `open_handoffs`, or was cleaned from it.
CREATE TABLE IF NOT EXISTS open_handoffs_since
(
    model LowCardinality(String),
    since SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY model;

CREATE MATERIALIZED VIEW IF NOT EXISTS open_handoffs_mv TO open_handoffs AS
SELECT * REPLACE (toUInt8(is_gone OR ifNull(coalesce(closed_at, cancelled_at) <= now64(6, 'UTC'), false)) AS is_gone) FROM handoffs;

INSERT INTO open_handoffs SELECT * FROM handoffs FINAL WHERE NOT ifNull(coalesce(closed_at, cancelled_at) <= now64(6, 'UTC'), false);

INSERT INTO open_handoffs_since SELECT model, max(coalesce(closed_at, cancelled_at)) FROM handoffs FINAL
WHERE coalesce(closed_at, cancelled_at) <= now64(6, 'UTC') GROUP BY model;
