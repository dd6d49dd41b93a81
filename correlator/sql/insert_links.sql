-- Grain: one child-parent pair of objects that one event names together, or that was stated outright.
-- Caller: correlator.tick.Correlator, for facts stored after {since} and up to {until}.
INSERT INTO {links:Identifier} (model, child_type, child_id, parent_type, parent_id)
SELECT DISTINCT {model:String}, pair.1.1, pair.1.2, pair.2.1, pair.2.2
FROM
(
    SELECT arrayJoin(arrayFlatten(arrayMap(
        child -> arrayMap(
            parent -> (child, parent),
            arrayFilter(parent -> has({attachments:Array(Tuple(String, String))}, (child.1::String, parent.1::String)), objects)),
        objects))) AS pair
    FROM current_events
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')} AND length(objects) > 1
    UNION ALL
    SELECT arrayJoin(arrayConcat(
        arrayMap(parent -> ((object_type, object_id), parent), linked),
        arrayMap(child -> (child, (object_type, object_id)), linked))) AS pair
    FROM object_states
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
)
WHERE has({attachments:Array(Tuple(String, String))}, (pair.1.1::String, pair.2.1::String))
