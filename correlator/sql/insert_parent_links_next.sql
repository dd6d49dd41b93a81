-- Grain: one link of a rebuild, by its parent. Caller: correlator.links: no view feeds the tables beside.
INSERT INTO {parent_links:Identifier} (model, parent_type, parent_id, child_type, child_id)
SELECT model, parent_type, parent_id, child_type, child_id
FROM {links:Identifier} WHERE model = {model:String}
