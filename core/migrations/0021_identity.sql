-- Identity and corrections: what was said of pairs of objects, and when; the newest statement holds. The statements of a pair
-- are two maxima, so that order of arrival, duplicates and repeated runs cannot matter.

-- Grain: one ordered pair of objects that may attach to each other in a model; each pair stands both ways round. A link was
-- last stated at `stated_at`, last withdrawn at `withdrawn_at` (1970: never). Ids are as they were sent.
CREATE TABLE IF NOT EXISTS link_statements
(
    model        LowCardinality(String),
    object_type  LowCardinality(String),
    object_id    String,
    other_type   LowCardinality(String),
    other_id     String,
    stated_at    SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    withdrawn_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY model
ORDER BY (model, object_type, object_id, other_type, other_id);

CREATE TABLE IF NOT EXISTS link_statements_next AS link_statements;

-- Grain: one ordered pair of ids of one type, both ways round: since when they are said to be one object, or no longer.
CREATE TABLE IF NOT EXISTS identity_statements
(
    object_type  LowCardinality(String),
    object_id    String,
    other_id     String,
    stated_at    SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    withdrawn_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (object_type, object_id, other_id);

-- Grain: one id that stands for another: of all ids of an object the smallest is the object's own.
CREATE TABLE IF NOT EXISTS identities
(
    object_type LowCardinality(String),
    alias_id    String,
    object_id   String,
    revision    UInt64,
    is_gone     UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (object_type, alias_id);

-- The same by object: which other ids it has.
CREATE TABLE IF NOT EXISTS aliases
(
    object_type LowCardinality(String),
    object_id   String,
    alias_id    String,
    revision    UInt64,
    is_gone     UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
ORDER BY (object_type, object_id, alias_id);

-- Grain: one row of `event_objects` that was sent under `alias_id`, as a row of the object that it is: whoever asks for an
-- object's events finds them by the object's key.
CREATE TABLE IF NOT EXISTS aliased_event_objects
(
    object_type    LowCardinality(String),
    object_id      String,
    event_type     LowCardinality(String),
    occurred_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    integration    LowCardinality(String),
    event_id       String,
    is_subject     Bool,
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    reason         LowCardinality(String),
    received_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    content_hash   UInt64,
    alias_id       String,
    revision       UInt64,
    is_gone        UInt8
)
ENGINE = ReplacingMergeTree(revision, is_gone)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (object_type, object_id, occurred_at, event_type, integration, event_id, content_hash, alias_id);

DROP VIEW IF EXISTS current_event_objects;

CREATE VIEW IF NOT EXISTS current_event_objects AS
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM event_objects
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events)
  AND (object_type, object_id) NOT IN (SELECT object_type, alias_id FROM identities FINAL)
UNION ALL
SELECT object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
    spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM aliased_event_objects FINAL
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events);

-- A link that no longer holds stays, as gone; of several rows of a link the newest insert holds, as the engine keeps it.
ALTER TABLE links ADD COLUMN IF NOT EXISTS is_gone Bool DEFAULT false;
ALTER TABLE links_next ADD COLUMN IF NOT EXISTS is_gone Bool DEFAULT false;
ALTER TABLE parent_links ADD COLUMN IF NOT EXISTS is_gone Bool DEFAULT false;
ALTER TABLE parent_links_next ADD COLUMN IF NOT EXISTS is_gone Bool DEFAULT false;
ALTER TABLE parent_links_mv MODIFY QUERY
    SELECT model, parent_type, parent_id, child_type, child_id, is_gone FROM links;

CREATE VIEW IF NOT EXISTS current_links AS
SELECT model, child_type, child_id, parent_type, parent_id FROM links FINAL WHERE NOT is_gone;

CREATE VIEW IF NOT EXISTS current_parent_links AS
SELECT model, parent_type, parent_id, child_type, child_id FROM parent_links FINAL WHERE NOT is_gone;

-- Links that a run found changed. They are kept until it has ended well: should it die, the next one follows their ends too.
CREATE TABLE IF NOT EXISTS run_links
(
    revision    UInt64,
    child_type  LowCardinality(String),
    child_id    String,
    parent_type LowCardinality(String),
    parent_id   String,
    is_gone     Bool
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (child_type, child_id);

-- What one run works on, as in 0006: ids of one object, with the smallest that is known so far.
CREATE TABLE IF NOT EXISTS run_identities
(
    revision    UInt64,
    object_type LowCardinality(String),
    alias_id    String,
    object_id   String,
    round       UInt32
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, alias_id);
