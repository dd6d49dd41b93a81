-- Grain: one object of the model that a withdrawal names together with one of this run: what is one object, or linked, has
-- changed for the one, and with it what counts for the other. Caller: correlator.links.
INSERT INTO run_objects (revision, object_type, object_id)
SELECT DISTINCT {revision:UInt64}, named.1, if(own.object_id = '', named.2, own.object_id)
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
