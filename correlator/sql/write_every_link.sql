-- Grain: one child-parent pair that its newest statement has made hold. As insert_run_links. Caller: correlator.links, in a
-- rebuild: into the tables beside.
INSERT INTO {links:Identifier} (model, child_type, child_id, parent_type, parent_id)
WITH own AS
(
    SELECT object_type, alias_id, object_id FROM identities FINAL
)
SELECT {model:String}, said.object_type, if(child.object_id = '', said.object_id, child.object_id) AS child_id,
    said.other_type, if(parent.object_id = '', said.other_id, parent.object_id) AS parent_id
FROM
(
    SELECT * FROM {link_statements:Identifier}
    WHERE model = {model:String} AND (object_type, other_type) IN {attachments:Array(Tuple(String, String))}
) AS said
ANY LEFT JOIN own AS child ON cityHash64(child.object_type, child.alias_id) = cityHash64(said.object_type, said.object_id)
    AND xxh3(child.object_type, child.alias_id) = xxh3(said.object_type, said.object_id)
ANY LEFT JOIN own AS parent ON cityHash64(parent.object_type, parent.alias_id) = cityHash64(said.other_type, said.other_id)
    AND xxh3(parent.object_type, parent.alias_id) = xxh3(said.other_type, said.other_id)
GROUP BY said.object_type, child_id, said.other_type, parent_id
HAVING max(said.stated_at) > max(said.withdrawn_at)
