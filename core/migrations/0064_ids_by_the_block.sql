-- Each tick looks for the ids of its events among all that are stored, to find those that were told before with other content: it asks
-- the index once for each id and granule. One entry for 16 granules, of as many bits in all, is asked a sixteenth as often; what is
-- read of an id are 16 granules of that column. The engine drops no index that is still being made, 0060's or this one's where the
-- migration was cut short: that work is stopped first.
KILL MUTATION WHERE database = currentDatabase() AND table = 'events' AND command LIKE '%MATERIALIZE INDEX by_event_id%' AND NOT is_done;

ALTER TABLE events DROP INDEX IF EXISTS by_event_id;

ALTER TABLE events ADD INDEX IF NOT EXISTS by_event_id event_id TYPE bloom_filter(0.0001) GRANULARITY 16;

ALTER TABLE events MATERIALIZE INDEX by_event_id SETTINGS mutations_sync = 0;
