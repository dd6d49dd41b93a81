-- Grain: one object of this run that no fact which holds names, and no link: it is no journey, and gone if it was one.
-- Caller: correlator.tick.Correlator, before insert_roots, where a version of an event that does not hold touched objects;
-- the others are named by what touched them.
INSERT INTO {run_roots:Identifier} (revision, root_type, root_id, holds)
WITH ours AS
(
    SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
)
SELECT DISTINCT {revision:UInt64}, object_type, object_id, false
FROM ours
WHERE (object_type, object_id) NOT IN
    (SELECT object_type, object_id FROM current_event_objects WHERE (object_type, object_id) IN ours)
  AND (object_type, object_id) NOT IN
      (
          SELECT named.1, named.2
          FROM
          (
              SELECT arrayJoin(arrayPushFront(linked, (object_type, object_id))) AS named FROM named_object_states
              WHERE (object_type, object_id) IN ours OR arrayExists(each -> (each.1, each.2) IN ours, linked)
          )
          WHERE (named.1, named.2) IN ours
      )
  AND (object_type, object_id) NOT IN
      (
          SELECT parent_type, parent_id FROM {current_parent_links:Identifier}
          WHERE model = {model:String} AND (parent_type, parent_id) IN ours
      )
