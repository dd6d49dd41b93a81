-- Grain: one object of the types {children} in one journey: the union over its parents' journeys. Shared parents and children
-- give one row for each journey and never merge them. Caller: correlator.tick.Correlator, depth by depth from the anchor.
INSERT INTO {run_members:Identifier} (revision, root_type, root_id, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, member.root_type, member.root_id, child_type, child_id
FROM
(
    SELECT parent_type, parent_id, child_type, child_id
    FROM {current_parent_links:Identifier}
    WHERE model = {model:String} AND child_type IN {children:Array(String)}
      AND ({whole:Bool} OR (parent_type, parent_id) IN
          (SELECT object_type, object_id FROM {run_members:Identifier} WHERE revision = {revision:UInt64}))
) AS link
INNER JOIN
(
    SELECT root_type, root_id, object_type, object_id FROM {run_members:Identifier}
    WHERE revision = {revision:UInt64} AND object_type IN {parents:Array(String)}
) AS member ON cityHash64(link.parent_type, link.parent_id) = cityHash64(member.object_type, member.object_id)
    AND xxh3(link.parent_type, link.parent_id) = xxh3(member.object_type, member.object_id)
