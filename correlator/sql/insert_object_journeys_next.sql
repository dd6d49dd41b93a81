-- Grain: one membership of a rebuild, by its object. Caller: correlator.tick.Correlator.rebuild: no view feeds the tables
-- beside.
INSERT INTO object_journeys_next SELECT model, object_type, object_id, root_type, root_id, revision, is_gone
FROM journey_members_next WHERE model = {model:String}
