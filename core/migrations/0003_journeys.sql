-- Derived by the correlator, rebuildable from the facts at any time. A row holds for the newest `revision` of its key;
-- `is_gone` rows say that a key no longer holds. Readers use FINAL or LIMIT 1 BY on the key.

CREATE TABLE IF NOT EXISTS links
(
    model       LowCardinality(String),
    child_type  LowCardinality(String),
    child_id    String,
    parent_type LowCardinality(String),
    parent_id   String
)
ENGINE = ReplacingMergeTree
ORDER BY (model, child_type, child_id, parent_type, parent_id);

CREATE TABLE IF NOT EXISTS parent_links
(
    model       LowCardinality(String),
    parent_type LowCardinality(String),
    parent_id   String,
    child_type  LowCardinality(String),
    child_id    String
)
ENGINE = ReplacingMergeTree
ORDER BY (model, parent_type, parent_id, child_type, child_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS parent_links_mv TO parent_links AS
SELECT model, parent_type, parent_id, child_type, child_id FROM links;

-- Grain: one object in one journey. The journey's root is its anchor, or the provisional root.
CREATE TABLE IF NOT EXISTS journey_members
(
    model       LowCardinality(String),
    root_type   LowCardinality(String),
    root_id     String,
    object_type LowCardinality(String),
    object_id   String,
    revision    UInt64,
    is_gone     UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (model, root_type, root_id, object_type, object_id);

-- The same rows by object: which journeys an object belongs to.
CREATE TABLE IF NOT EXISTS object_journeys
(
    model       LowCardinality(String),
    object_type LowCardinality(String),
    object_id   String,
    root_type   LowCardinality(String),
    root_id     String,
    revision    UInt64,
    is_gone     UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (model, object_type, object_id, root_type, root_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS object_journeys_mv TO object_journeys AS
SELECT model, object_type, object_id, root_type, root_id, revision, is_gone FROM journey_members;

-- Grain: one journey.
CREATE TABLE IF NOT EXISTS journeys
(
    model          LowCardinality(String),
    root_type      LowCardinality(String),
    root_id        String,
    provisional    Bool,
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    first_event_at Nullable(DateTime64(6, 'UTC')),
    last_event_at  Nullable(DateTime64(6, 'UTC')),
    objects        UInt32,
    revision       UInt64,
    is_gone        UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (model, root_type, root_id);

-- Grain: one handoff instance: one cycle of one handoff for one object. `journey_type`/`journey_id` name the least of
-- the journeys the object belongs to, `journeys` counts them. Open: neither closed_at nor cancelled_at. `due_at` is
-- NULL where the handoff has no target for it. State at `as_of`: a later closed_at or cancelled_at has not happened yet.
CREATE TABLE IF NOT EXISTS handoffs
(
    model          LowCardinality(String),
    handoff        LowCardinality(String),
    object_type    LowCardinality(String),
    object_id      String,
    cycle          UInt32,
    journey_type   LowCardinality(String),
    journey_id     String,
    journeys       UInt32,
    opened_at      DateTime64(6, 'UTC'),
    opened_by      String,
    closed_at      Nullable(DateTime64(6, 'UTC')),
    closed_by      String,
    cancelled_at   Nullable(DateTime64(6, 'UTC')),
    due_at         Nullable(DateTime64(6, 'UTC')),
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    revision       UInt64,
    is_gone        UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (model, handoff, object_type, object_id, cycle);

-- How far the correlator has followed the facts: one row per finished tick or rebuild.
CREATE TABLE IF NOT EXISTS correlator_runs
(
    model       LowCardinality(String),
    revision    UInt64,
    kind        LowCardinality(String),
    watermark   DateTime64(6, 'UTC'),
    definitions String,
    finished_at DateTime64(6, 'UTC'),
    roots       UInt64,
    events      UInt64
)
ENGINE = MergeTree
ORDER BY (model, revision);
