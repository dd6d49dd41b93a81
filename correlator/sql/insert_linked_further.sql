-- Grain: one object that is linked with what is linked with an object of this run (`steps`: type of that, and of what lies between),
-- of types that conditions look at through it. What each of thousands of invoices sees through its order stands here once, as the
-- order's. Caller: correlator.signals, after insert_linked.
INSERT INTO {run_linked:Identifier} (revision, object_type, object_id, is_further, of_type, of_id)
WITH near AS
(
    SELECT of_type, of_id FROM {run_linked:Identifier}
    WHERE revision = {revision:UInt64} AND NOT is_further AND (object_type, of_type) IN {steps:Array(Tuple(String, String))}
)
SELECT {revision:UInt64}, object_type, object_id, true, of_type, of_id
FROM
(
-- include: correlator/linked_now
)
