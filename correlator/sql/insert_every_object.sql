-- Grain: one object of the model that any fact names. Caller: correlator.tick.Correlator.rebuild.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, object_type, object_id
FROM
(
    SELECT object_type, object_id FROM current_event_objects WHERE object_type IN {types:Array(String)}
    UNION ALL
    SELECT described.1 AS object_type, described.2 AS object_id
    FROM (SELECT arrayPushFront(linked, (object_type, object_id)) AS named FROM named_object_states)
    ARRAY JOIN named AS described
    UNION ALL
    SELECT parent_type, parent_id FROM {current_parent_links:Identifier} WHERE model = {model:String}
)
WHERE object_type IN {types:Array(String)}
  AND (object_type, object_id) NOT IN (SELECT object_type, alias_id FROM identities FINAL)
