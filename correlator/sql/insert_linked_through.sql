-- Grain: one way from an object of this run to another through something that both are linked with, by what types conditions look
-- through what (`ways`). Two objects may be linked through several: nothing that reads this counts them. Caller: correlator.signals, after insert_linked.
INSERT INTO {run_linked:Identifier} (revision, object_type, object_id, through, of_type, of_id)
WITH near AS
(
    SELECT object_type, object_id, of_type, of_id FROM {run_linked:Identifier}
    WHERE revision = {revision:UInt64} AND (object_type, of_type) IN {steps:Array(Tuple(String, String))}
)
SELECT {revision:UInt64}, near.object_type, near.object_id, near.of_type, far.of_type, far.of_id
FROM near
INNER JOIN
(
    SELECT child_type AS object_type, child_id AS object_id, parent_type AS of_type, parent_id AS of_id
    FROM {current_links:Identifier}
    WHERE model = {model:String} AND (child_type, parent_type) IN {pairs:Array(Tuple(String, String))}
      AND ({whole:Bool} OR (child_type, child_id) IN (SELECT of_type, of_id FROM near))
    UNION ALL
    SELECT parent_type, parent_id, child_type, child_id
    FROM {current_parent_links:Identifier}
    WHERE model = {model:String} AND (parent_type, child_type) IN {pairs:Array(Tuple(String, String))}
      AND ({whole:Bool} OR (parent_type, parent_id) IN (SELECT of_type, of_id FROM near))
) AS far ON far.object_type = near.of_type AND far.object_id = near.of_id
WHERE (near.object_type, near.of_type, far.of_type) IN {ways:Array(Tuple(String, String, String))}
