-- Grain: one object of this run that begins a slice: of one in {one_of} objects, in their order, each that {most} stand before.
-- Caller: correlator.slices.
SELECT object_type, object_id
FROM
(
    SELECT object_type, object_id, row_number() OVER (ORDER BY object_type, object_id) AS nth
    FROM {run_objects:Identifier}
    WHERE revision = {revision:UInt64} AND cityHash64(object_type, object_id) % {one_of:UInt64} = 0
)
WHERE nth > 1 AND (nth - 1) % {most:UInt64} = 0
ORDER BY nth
