-- Grain: one membership of a rebuild, by its object. Caller: correlator.tick.Correlator.rebuild: no view feeds the tables
-- beside.
INSERT INTO {object_journeys:Identifier} SELECT model, object_type, object_id, root_type, root_id, revision, is_gone
FROM {journey_members:Identifier} WHERE model = {model:String}
