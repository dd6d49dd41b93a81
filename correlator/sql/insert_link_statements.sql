-- Grain: one ordered pair of objects, both ways round, with when it was last stated and last withdrawn by facts stored after
-- {since} and up to {until}: an event states the links between all objects that it names, `object.described` those between
-- its subject and its objects; `link.withdrawn` withdraws those between its subject and its objects, `object.same_as`
-- says nothing of links. Caller: correlator.links.
-- Rows are not grouped: the table keeps maxima, and so what this takes in memory does not grow with the facts. Of the types that an
-- event names only pairs that may attach are spelled out, so that a payment of n invoices costs n, not n²; and of two types none
-- where they are more than {most_pairs}: which of them belong together is then not said.
INSERT INTO {link_statements:Identifier} (model, object_type, object_id, other_type, other_id, stated_at, withdrawn_at)
SELECT {model:String}, ends.1.1, ends.1.2, ends.2.1, ends.2.2,
    if(states, told_at, toDateTime64(0, 6, 'UTC')), if(states, toDateTime64(0, 6, 'UTC'), told_at)
FROM
(
    SELECT occurred_at AS told_at, type != 'link.withdrawn' AS states, states AS among_all, (subject_type, subject_id) AS subject,
        objects, objects.type AS types
    FROM current_events
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')} AND length(objects) > 1
      AND type != 'object.same_as'
    UNION ALL
    SELECT described_at, true, false, (object_type, object_id), arrayPushFront(linked, (object_type, object_id)) AS named, named.1
    FROM {object_states:Identifier}
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
)
ARRAY JOIN arrayFilter(
    pair -> has(types, pair.1) AND has(types, pair.2)
        AND (NOT among_all OR countEqual(types, pair.1) * countEqual(types, pair.2) <= {most_pairs:UInt32}),
    {attachments:Array(Tuple(String, String))}) AS attachment
ARRAY JOIN arrayFilter(object -> object.1 = attachment.1, objects) AS child
ARRAY JOIN arrayFilter(object -> object.1 = attachment.2, objects) AS parent
ARRAY JOIN [(child, parent), (parent, child)] AS ends
WHERE among_all OR child = subject OR parent = subject
