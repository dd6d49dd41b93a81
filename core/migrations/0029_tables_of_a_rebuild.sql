-- Each rebuild writes into tables of its own, `<table>_next_<beside>` (docs/adr/0015). What the tables that all of them shared
-- hold is what a rebuild had written that died: a switch-over that had begun is not done without them, and so the next run
-- of its model begins it anew; readers wait for that.

ALTER TABLE switch_overs ADD COLUMN IF NOT EXISTS beside UInt64;

DROP TABLE IF EXISTS link_statements_next SYNC;

DROP TABLE IF EXISTS links_next SYNC;

DROP TABLE IF EXISTS parent_links_next SYNC;

DROP TABLE IF EXISTS journey_members_next SYNC;

DROP TABLE IF EXISTS object_journeys_next SYNC;

DROP TABLE IF EXISTS journeys_next SYNC;

DROP TABLE IF EXISTS handoffs_next SYNC;
