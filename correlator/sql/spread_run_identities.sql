-- Grain: one id for which a smaller id of its object was found in this round, or that was reached for the first time: from
-- its neighbours that changed in the round before, or from the id that its own smallest one has come to by then (without
-- that shortcut a chain of n ids takes n rounds). Caller: correlator.identity, until a round finds nothing.
INSERT INTO {run_identities:Identifier} (revision, object_type, alias_id, object_id, round)
WITH
    known AS
    (
        SELECT object_type, alias_id, min(object_id) AS smallest
        FROM {run_identities:Identifier}
        WHERE revision = {revision:UInt64}
        GROUP BY object_type, alias_id
    ),
    fresh AS
    (
        SELECT object_type, alias_id FROM {run_identities:Identifier}
        WHERE revision = {revision:UInt64} AND round + 1 = {round:UInt32}
    )
SELECT {revision:UInt64}, heard.object_type, heard.alias_id, heard.smallest, {round:UInt32}
FROM
(
    SELECT object_type, alias_id, min(smallest) AS smallest
    FROM
    (
        SELECT edge.object_type AS object_type, edge.other_id AS alias_id, least(known.smallest, edge.other_id) AS smallest
        FROM
        (
            SELECT object_type, object_id, other_id FROM identity_statements FINAL
            WHERE (object_type, object_id) IN fresh AND stated_at > withdrawn_at
        ) AS edge
        INNER JOIN known ON known.object_type = edge.object_type AND known.alias_id = edge.object_id
        UNION ALL
        SELECT one.object_type, one.alias_id, its.smallest
        FROM known AS one
        INNER JOIN known AS its ON its.object_type = one.object_type AND its.alias_id = one.smallest
    )
    GROUP BY object_type, alias_id
) AS heard
LEFT JOIN known ON known.object_type = heard.object_type AND known.alias_id = heard.alias_id
WHERE known.alias_id = '' OR heard.smallest < known.smallest
