-- Grain: one event as it was told, in each version once, as in `current_events`.
-- Caller: correlator.naming_views, which fills in what begins with a dollar sign.
CREATE OR REPLACE VIEW $database.told_events AS
SELECT * $renamed FROM $database.events FINAL
