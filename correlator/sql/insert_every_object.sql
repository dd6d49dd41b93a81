-- Grain: one object of the model that any fact names. Caller: correlator.tick.Correlator.rebuild.
INSERT INTO run_objects (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, object_type, object_id
FROM
(
    SELECT object_type, object_id FROM current_event_objects WHERE object_type IN {types:Array(String)}
    UNION ALL
    SELECT object_type, object_id FROM object_states WHERE object_type IN {types:Array(String)}
    UNION ALL
    SELECT parent_type, parent_id FROM {parent_links:Identifier}
    WHERE model = {model:String} AND parent_type IN {types:Array(String)}
)
