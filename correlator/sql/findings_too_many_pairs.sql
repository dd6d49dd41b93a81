-- Grain: one integration with its events that name more than {most_pairs} pairs of two types which may attach: they link none
-- of these (insert_link_statements). Fewer objects than twice the root of it cannot make so many pairs.
-- Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
SELECT
    integration::String AS integration, count() AS found, toUInt64(0) AS checked, map()::Map(String, Float64) AS figures,
    groupArraySorted(5)((occurred_at, event_id, type::String, subject_type::String, subject_id,
        arrayStringConcat(arrayMap(pair -> concat(toString(countEqual(objects.type, pair.1)), ' ', pair.1, ' and ',
            toString(countEqual(objects.type, pair.2)), ' ', pair.2), too_many), ', '))) AS examples
FROM
(
    SELECT *, arrayFilter(pair -> countEqual(objects.type, pair.1) * countEqual(objects.type, pair.2) > {most_pairs:UInt32},
        {attachments:Array(Tuple(String, String))}) AS too_many
    FROM told
    WHERE length(objects) * length(objects) >= 4 * {most_pairs:UInt32}
      AND type NOT IN ('object.same_as', 'link.withdrawn') -- which speak of their subject and each other object
)
WHERE notEmpty(too_many)
GROUP BY integration
