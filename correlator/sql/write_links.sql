-- Grain: one link that this run found changed. Caller: correlator.links.
INSERT INTO links (model, child_type, child_id, parent_type, parent_id, is_gone)
SELECT {model:String}, child_type, child_id, parent_type, parent_id, is_gone
FROM run_links
WHERE revision = {revision:UInt64}
