-- Grain: one object, heard of by {as_of}, that the journey, of a model, shares with others: with how many, and the first {named} of them.
-- Caller: correlator.families.Families.
WITH
    held AS
    (
        SELECT model, object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    ),
    later AS
    (
        SELECT object_type, object_id FROM current_event_objects
        WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM held)
        GROUP BY object_type, object_id
        HAVING min(occurred_at) > {as_of:DateTime64(6, 'UTC')}
    ),
    other AS
    (
        SELECT model, object_type, object_id, root_type, root_id FROM object_journeys FINAL
        WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM held)
          AND (object_type, object_id) NOT IN (SELECT object_type, object_id FROM later)
          AND (root_type, root_id) != ({root_type:String}, {root_id:String})
    )
SELECT object_type, object_id, count() AS others,
    arraySlice(arraySort(groupArray((root_type::String, root_id))), 1, {named:UInt32}) AS named
FROM other
WHERE (model, root_type, root_id) IN
(
    SELECT model, root_type, root_id FROM journeys FINAL
    WHERE (model, root_type, root_id) IN (SELECT model, root_type, root_id FROM other)
      AND (first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')})
)
GROUP BY object_type, object_id
ORDER BY others DESC, object_type, object_id
LIMIT {limit:UInt32}
