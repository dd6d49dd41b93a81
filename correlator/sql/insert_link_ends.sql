-- Grain: one object at an end of a link that this run found changed, or one that died after the run {after}.
-- Caller: correlator.links.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
SELECT {revision:UInt64}, child_type, child_id FROM run_links WHERE revision > {after:UInt64}
UNION DISTINCT
SELECT {revision:UInt64}, parent_type, parent_id FROM run_links WHERE revision > {after:UInt64}
