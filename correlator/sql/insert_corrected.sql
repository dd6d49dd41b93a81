-- Grain: one id of an object of the model that a withdrawal names together with one of this run: what is one object, or linked,
-- has changed for the one, and with it what counts for the other. Under every id that it has: links are stated under any of
-- them. Caller: correlator.links.
INSERT INTO {run_objects:Identifier} (revision, object_type, object_id)
WITH corrected AS
(
    SELECT DISTINCT named.1 AS object_type, if(own.object_id = '', named.2, own.object_id) AS object_id
    FROM
    (
        SELECT arrayJoin(objects) AS named FROM current_statements
        WHERE type = 'link.withdrawn' AND arrayExists(
            each -> (each.1, each.2) IN
            (
-- include: correlator/run_ids
            ), objects)
    ) AS withdrawal
    LEFT JOIN (SELECT object_type, alias_id, object_id FROM identities FINAL) AS own
        ON own.object_type = withdrawal.named.1 AND own.alias_id = withdrawal.named.2
    WHERE named.1 IN {types:Array(String)}
)
SELECT {revision:UInt64}, object_type, object_id FROM corrected
UNION ALL
SELECT {revision:UInt64}, object_type, alias_id FROM aliases FINAL
WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM corrected)
