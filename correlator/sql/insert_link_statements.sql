-- Grain: one ordered pair of objects, both ways round, with when it was last stated and last withdrawn by facts stored after
-- {since} and up to {until}: an event states the links between all objects that it names, `object.described` those between
-- its subject and its objects; `link.withdrawn` withdraws those between its subject and its objects, `object.same_as`
-- says nothing of links. Caller: correlator.links.
INSERT INTO {link_statements:Identifier} (model, object_type, object_id, other_type, other_id, stated_at, withdrawn_at)
SELECT {model:String}, (arrayJoin([pair, (pair.2, pair.1)]) AS ends).1.1, ends.1.2, ends.2.1, ends.2.2, stated_at, withdrawn_at
FROM
(
    SELECT pair, maxIf(told_at, states) AS stated_at, maxIf(told_at, NOT states) AS withdrawn_at
    FROM
    (
        SELECT occurred_at AS told_at, type != 'link.withdrawn' AS states,
            arrayJoin(arrayFlatten(arrayMap(
                child -> arrayMap(
                    parent -> (child, parent),
                    arrayFilter(
                        parent -> has({attachments:Array(Tuple(String, String))}, (child.1::String, parent.1::String))
                            AND (states OR child = (subject_type, subject_id) OR parent = (subject_type, subject_id)),
                        objects)),
                objects))) AS pair
        FROM current_events
        WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')} AND length(objects) > 1
          AND type != 'object.same_as'
        UNION ALL
        SELECT described_at, true, arrayJoin(arrayConcat(
            arrayMap(parent -> ((object_type, object_id), parent), linked),
            arrayMap(child -> (child, (object_type, object_id)), linked))) AS pair
        FROM object_states
        WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
    )
    WHERE has({attachments:Array(Tuple(String, String))}, (pair.1.1::String, pair.2.1::String))
    GROUP BY pair
)
