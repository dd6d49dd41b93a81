-- Grain: one object of this run, under the id that was sent, that an event about an object of another type named, while the
-- newest that was said of the two takes their link back; tombstones where it no longer does. An event that names both, or
-- `object.described` of the one that links the other, states it; not an event that names more than {most_pairs} pairs of
-- their types. Caller: correlator.links.
INSERT INTO withdrawn_namings (object_type, object_id, integration, event_id, revision, is_gone)
WITH
    corrected AS
    (
        SELECT DISTINCT named.1 AS object_type, if(own.object_id = '', named.2, own.object_id) AS object_id
        FROM (SELECT arrayJoin(objects) AS named FROM current_statements WHERE type = 'link.withdrawn') AS withdrawal
        LEFT JOIN (SELECT object_type, alias_id, object_id FROM identities FINAL) AS own
            ON own.object_type = withdrawal.named.1 AND own.alias_id = withdrawal.named.2
        WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64})
    ),
    sent AS
    (
        SELECT object_type, object_id FROM corrected
        UNION ALL
        SELECT object_type, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN corrected
    ),
    -- One event, or description, with all that it names: type, own id, id as sent, whether it is about it.
    told AS
    (
        SELECT said.1 AS at, said.2 AS kind, said.3 AS integration, said.4 AS event_id,
            groupUniqArray((object.1, if(own.object_id = '', object.2, own.object_id), object.2, object = about)) AS named
        FROM
        (
            SELECT
                (occurred_at, type::String, integration::String, event_id) AS said,
                (subject_type::String, subject_id) AS about,
                arrayJoin(arrayMap(each -> (each.1::String, each.2), objects)) AS object
            FROM current_events
            WHERE (integration, type, occurred_at, event_id) IN
                (
                    SELECT integration, event_type, occurred_at, event_id FROM named_event_objects
                    WHERE (object_type, object_id) IN sent AND event_type != 'object.same_as'
                )
            UNION ALL
            SELECT (described_at, 'object.described', integration::String, event_id), (object_type::String, object_id) AS about,
                arrayJoin(arrayPushFront(arrayMap(each -> (each.1::String, each.2), linked), about))
            FROM named_object_states
            WHERE (object_type, object_id) IN sent OR arrayExists(each -> (each.1, each.2) IN sent, linked)
        ) AS spoken
        LEFT JOIN (SELECT object_type, alias_id, object_id FROM identities FINAL) AS own
            ON own.object_type = spoken.object.1 AND own.alias_id = spoken.object.2
        GROUP BY said
    ),
    -- What was said of one object of this run and one of another type.
    paired AS
    (
        SELECT at, kind, integration, event_id, object,
            kind = 'object.described' OR kind != 'link.withdrawn'
                AND countEqual(named.1, object.1) * countEqual(named.1, other.1) <= {most_pairs:UInt32} AS states,
            arrayJoin(arrayFilter(each -> each.1 != object.1 AND (
                kind NOT IN ('link.withdrawn', 'object.described') OR each.4 OR object.4), named)) AS other
        FROM (SELECT *, arrayJoin(named) AS object FROM told)
        WHERE (object.1, object.2) IN corrected
    ),
    withdrawn AS
    (
        SELECT object.1 AS object_type, arrayJoin(groupUniqArrayIf(
            (object.3, integration, event_id), other.4 AND kind NOT IN ('link.withdrawn', 'object.described'))) AS naming
        FROM paired
        GROUP BY object.1, object.2, other.1, other.2
        HAVING countIf(kind = 'link.withdrawn') > 0
           AND maxIf(at, kind = 'link.withdrawn') >= maxIf(at, states)
    )
SELECT object_type, naming.1, naming.2, naming.3, {revision:UInt64}, max(known)
FROM
(
    SELECT object_type, naming, false AS known FROM withdrawn
    UNION ALL
    SELECT object_type::String, (object_id, integration::String, event_id), true FROM withdrawn_namings FINAL
    WHERE (object_type, object_id) IN sent OR ({whole:Bool} AND object_type IN {types:Array(String)})
)
GROUP BY object_type, naming
HAVING min(known) = max(known)
