-- A rebuild writes beside what is in force and takes its place at the end (docs/adr/0015): what is derived is partitioned by
-- model, so that one model's rows can be replaced as a whole, and has a table `<name>_next` that a rebuild fills.
-- Whoever adds a column to a derived table adds it to its `_next` too: REPLACE PARTITION asks for equal structures.
-- Each table is made anew from itself, so that every step can be repeated after a failure between any two.

DROP VIEW IF EXISTS parent_links_mv SYNC;

DROP VIEW IF EXISTS object_journeys_mv SYNC;

CREATE OR REPLACE TABLE links_by_model AS links
ENGINE = ReplacingMergeTree PARTITION BY model
ORDER BY (model, child_type, child_id, parent_type, parent_id);

INSERT INTO links_by_model SELECT * FROM links;

EXCHANGE TABLES links AND links_by_model;

DROP TABLE IF EXISTS links_by_model SYNC;

CREATE TABLE IF NOT EXISTS links_next AS links;

CREATE OR REPLACE TABLE parent_links_by_model AS parent_links
ENGINE = ReplacingMergeTree PARTITION BY model
ORDER BY (model, parent_type, parent_id, child_type, child_id);

INSERT INTO parent_links_by_model SELECT * FROM parent_links;

EXCHANGE TABLES parent_links AND parent_links_by_model;

DROP TABLE IF EXISTS parent_links_by_model SYNC;

CREATE TABLE IF NOT EXISTS parent_links_next AS parent_links;

CREATE OR REPLACE TABLE journey_members_by_model AS journey_members
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, root_type, root_id, object_type, object_id);

INSERT INTO journey_members_by_model SELECT * FROM journey_members;

EXCHANGE TABLES journey_members AND journey_members_by_model;

DROP TABLE IF EXISTS journey_members_by_model SYNC;

CREATE TABLE IF NOT EXISTS journey_members_next AS journey_members;

CREATE OR REPLACE TABLE object_journeys_by_model AS object_journeys
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, object_type, object_id, root_type, root_id);

INSERT INTO object_journeys_by_model SELECT * FROM object_journeys;

EXCHANGE TABLES object_journeys AND object_journeys_by_model;

DROP TABLE IF EXISTS object_journeys_by_model SYNC;

CREATE TABLE IF NOT EXISTS object_journeys_next AS object_journeys;

CREATE OR REPLACE TABLE journeys_by_model AS journeys
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, root_type, root_id);

INSERT INTO journeys_by_model SELECT * FROM journeys;

EXCHANGE TABLES journeys AND journeys_by_model;

DROP TABLE IF EXISTS journeys_by_model SYNC;

CREATE TABLE IF NOT EXISTS journeys_next AS journeys;

CREATE OR REPLACE TABLE handoffs_by_model AS handoffs
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, handoff, object_type, object_id, cycle);

INSERT INTO handoffs_by_model SELECT * FROM handoffs;

EXCHANGE TABLES handoffs AND handoffs_by_model;

DROP TABLE IF EXISTS handoffs_by_model SYNC;

CREATE TABLE IF NOT EXISTS handoffs_next AS handoffs;

CREATE MATERIALIZED VIEW IF NOT EXISTS parent_links_mv TO parent_links AS
SELECT model, parent_type, parent_id, child_type, child_id FROM links;

CREATE MATERIALIZED VIEW IF NOT EXISTS object_journeys_mv TO object_journeys AS
SELECT model, object_type, object_id, root_type, root_id, revision, is_gone FROM journey_members;

-- Grain: one step of one switch-over: when it began, which says all that finishing it takes, and when it was done. Readers
-- wait out what has begun and is not done.
CREATE TABLE IF NOT EXISTS switch_overs
(
    model       LowCardinality(String),
    revision    UInt64,
    is_done     Bool,
    watermark   DateTime64(6, 'UTC'),
    definitions String,
    roots       UInt64,
    at          DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (model, revision, is_done);
