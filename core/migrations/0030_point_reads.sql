-- A tick asks for a thousand objects spread over all that is stored. In granules of 8,192 rows each of them reads 8,192, and so a
-- tick costs more the more is stored; in granules of 512 what it reads follows what it touches (docs/adr/0020). The granularity
-- of a table cannot be altered, so each is made anew from itself, as in 0018: every step can be repeated after a failure
-- between any two. Handoffs are sorted by object before handoff: a tick asks for all handoffs of an object.
-- A rebuild's own tables are made like those in force.

DROP VIEW IF EXISTS parent_links_mv SYNC;

DROP VIEW IF EXISTS object_journeys_mv SYNC;

CREATE OR REPLACE TABLE event_objects_fine AS event_objects
ENGINE = ReplacingMergeTree(precedence) PARTITION BY toYYYYMM(occurred_at)
ORDER BY (object_type, object_id, occurred_at, event_type, integration, event_id, content_hash)
SETTINGS index_granularity = 512, non_replicated_deduplication_window = 1000,
    ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

INSERT INTO event_objects_fine SELECT * FROM event_objects SETTINGS max_partitions_per_insert_block = 0;

EXCHANGE TABLES event_objects AND event_objects_fine;

DROP TABLE IF EXISTS event_objects_fine SYNC;

CREATE OR REPLACE TABLE link_statements_fine AS link_statements
ENGINE = AggregatingMergeTree PARTITION BY model
ORDER BY (model, object_type, object_id, other_type, other_id)
SETTINGS index_granularity = 512;

INSERT INTO link_statements_fine SELECT * FROM link_statements;

EXCHANGE TABLES link_statements AND link_statements_fine;

DROP TABLE IF EXISTS link_statements_fine SYNC;

CREATE OR REPLACE TABLE links_fine AS links
ENGINE = ReplacingMergeTree PARTITION BY model
ORDER BY (model, child_type, child_id, parent_type, parent_id)
SETTINGS index_granularity = 512;

INSERT INTO links_fine SELECT * FROM links FINAL;

EXCHANGE TABLES links AND links_fine;

DROP TABLE IF EXISTS links_fine SYNC;

CREATE OR REPLACE TABLE parent_links_fine AS parent_links
ENGINE = ReplacingMergeTree PARTITION BY model
ORDER BY (model, parent_type, parent_id, child_type, child_id)
SETTINGS index_granularity = 512;

INSERT INTO parent_links_fine SELECT * FROM parent_links FINAL;

EXCHANGE TABLES parent_links AND parent_links_fine;

DROP TABLE IF EXISTS parent_links_fine SYNC;

CREATE OR REPLACE TABLE journey_members_fine AS journey_members
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, root_type, root_id, object_type, object_id)
SETTINGS index_granularity = 512;

INSERT INTO journey_members_fine SELECT * FROM journey_members;

EXCHANGE TABLES journey_members AND journey_members_fine;

DROP TABLE IF EXISTS journey_members_fine SYNC;

CREATE OR REPLACE TABLE object_journeys_fine AS object_journeys
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, object_type, object_id, root_type, root_id)
SETTINGS index_granularity = 512;

INSERT INTO object_journeys_fine SELECT * FROM object_journeys;

EXCHANGE TABLES object_journeys AND object_journeys_fine;

DROP TABLE IF EXISTS object_journeys_fine SYNC;

CREATE OR REPLACE TABLE journeys_fine AS journeys
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, root_type, root_id)
SETTINGS index_granularity = 512;

INSERT INTO journeys_fine SELECT * FROM journeys;

EXCHANGE TABLES journeys AND journeys_fine;

DROP TABLE IF EXISTS journeys_fine SYNC;

CREATE OR REPLACE TABLE handoffs_fine AS handoffs
ENGINE = ReplacingMergeTree(revision, is_gone) PARTITION BY model
ORDER BY (model, object_type, object_id, handoff, cycle)
SETTINGS index_granularity = 512;

INSERT INTO handoffs_fine SELECT * FROM handoffs;

EXCHANGE TABLES handoffs AND handoffs_fine;

DROP TABLE IF EXISTS handoffs_fine SYNC;

CREATE MATERIALIZED VIEW IF NOT EXISTS parent_links_mv TO parent_links AS
SELECT model, parent_type, parent_id, child_type, child_id, is_gone FROM links;

CREATE MATERIALIZED VIEW IF NOT EXISTS object_journeys_mv TO object_journeys AS
SELECT model, object_type, object_id, root_type, root_id, revision, is_gone FROM journey_members;
