-- Grain: one object that is linked with what is linked with an object of this run (`steps`: type of that, and of what lies between),
-- of types that conditions look at through it (`pairs`: of what lies between, and of that). What each of thousands of invoices
-- sees through its order stands here once, as the order's. Caller: correlator.signals, after insert_linked.
INSERT INTO {run_linked:Identifier} (revision, object_type, object_id, is_further, of_type, of_id)
WITH between AS
(
    SELECT of_type, of_id FROM {run_linked:Identifier}
    WHERE revision = {revision:UInt64} AND NOT is_further AND (object_type, of_type) IN {steps:Array(Tuple(String, String))}
)
SELECT {revision:UInt64}, child_type, child_id, true, parent_type, parent_id
FROM {current_links:Identifier}
WHERE model = {model:String} AND (child_type, parent_type) IN {pairs:Array(Tuple(String, String))}
  AND ({whole:Bool} OR (child_type, child_id) IN between)
UNION ALL
SELECT {revision:UInt64}, parent_type, parent_id, true, child_type, child_id
FROM {current_parent_links:Identifier}
WHERE model = {model:String} AND (parent_type, child_type) IN {pairs:Array(Tuple(String, String))}
  AND ({whole:Bool} OR (parent_type, parent_id) IN between)
