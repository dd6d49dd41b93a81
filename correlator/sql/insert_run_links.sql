-- Grain: one child-parent pair with an end among the objects of this run whose newest statement has made it hold, or be gone:
-- only what changes. A pair is one of objects, whichever of their ids it was told of. Caller: correlator.links.
INSERT INTO run_links (revision, child_type, child_id, parent_type, parent_id, is_gone)
WITH
    in_run AS
    (
        SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
    ),
    said AS
    (
        SELECT object_type, object_id, other_type, other_id, stated_at, withdrawn_at
        FROM link_statements
        WHERE model = {model:String} AND (object_type, object_id) IN in_run
    )
SELECT {revision:UInt64}, pair.1.1, pair.1.2, pair.2.1, pair.2.2, held
FROM
(
    SELECT pair, max(stated_at) > max(withdrawn_at) AS holds, max(known) AS held
    FROM
    (
        SELECT
            ((said.object_type::String, if(one.object_id = '', said.object_id, one.object_id)),
             (said.other_type::String, if(two.object_id = '', said.other_id, two.object_id))) AS ends,
            if(has({attachments:Array(Tuple(String, String))}, (ends.1.1, ends.2.1)), ends, (ends.2, ends.1)) AS pair,
            said.stated_at AS stated_at, said.withdrawn_at AS withdrawn_at, false AS known
        FROM said
        LEFT JOIN
        (
            SELECT object_type, alias_id, object_id FROM identities FINAL WHERE (object_type, alias_id) IN in_run
        ) AS one ON one.object_type = said.object_type AND one.alias_id = said.object_id
        LEFT JOIN
        (
            -- `said` is read anew wherever it is named: not where nothing has another id.
            SELECT object_type, alias_id, object_id FROM identities FINAL
            WHERE (SELECT count() FROM identities) > 0 AND (object_type, alias_id) IN (SELECT other_type, other_id FROM said)
        ) AS two ON two.object_type = said.other_type AND two.alias_id = said.other_id
        UNION ALL
        SELECT (('', ''), ('', '')), ((child_type::String, child_id), (parent_type::String, parent_id)), toDateTime64(0, 6, 'UTC'),
            toDateTime64(0, 6, 'UTC'), true
        FROM
        (
            SELECT child_type, child_id, parent_type, parent_id FROM current_links
            WHERE model = {model:String} AND (child_type, child_id) IN in_run
            UNION ALL
            SELECT child_type, child_id, parent_type, parent_id FROM current_parent_links
            WHERE model = {model:String} AND (parent_type, parent_id) IN in_run
        )
    )
    GROUP BY pair
)
WHERE holds != held
