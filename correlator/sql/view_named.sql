-- Grain: one row of a table of facts, its types, events and facilities under their own names.
-- Caller: correlator.naming_views, which fills in what begins with a dollar sign.
CREATE OR REPLACE VIEW $database.$view AS
SELECT * $renamed FROM $source
