-- Grain: one object that is linked with an object of this run, of types that conditions look at, or look through. Links are those
-- that hold now. Caller: correlator.signals.
INSERT INTO {run_linked:Identifier} (revision, object_type, object_id, is_further, of_type, of_id)
WITH near AS
(
    SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
)
SELECT {revision:UInt64}, object_type, object_id, false, of_type, of_id
FROM
(
-- include: correlator/linked_now
)
