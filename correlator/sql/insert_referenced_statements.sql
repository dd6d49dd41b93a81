-- Grain: one ordered pair of objects, both ways round, with when an attribute of the one last named the other: attributes of
-- an event speak of its subject, those of `object.described` of the object described. An attribute holds an id, or a list of
-- them as JSON; "type:id" is taken as well, by whichever name of the type. Caller: correlator.links, for facts stored after {since} and up to {until}.
INSERT INTO {link_statements:Identifier} (model, object_type, object_id, other_type, other_id, stated_at)
SELECT {model:String}, ends.1.1, ends.1.2, ends.2.1, ends.2.2, max(told_at)
FROM
(
    SELECT told_at, ((object_type::String, object_id), (reference.3, named_id)) AS pair
    FROM
    (
        SELECT told_at, object_type, object_id, reference, arrayFilter(id -> id != '', arrayMap(
            id -> substring(id, 1 + length(arrayFirst(kind -> startsWith(id, kind), arrayMap(name -> concat(name, ':'), reference.4)))),
            arrayMap(raw -> trimBoth(trim(BOTH '"' FROM raw)),
                if(startsWith(text, '['), JSONExtractArrayRaw(text), [text])))) AS named_ids
        FROM
        (
            SELECT told_at, object_type, object_id, reference,
                if(mapContains(attributes_int, reference.2), toString(attributes_int[reference.2]),
                    attributes_string[reference.2]) AS text
            FROM
            (
                SELECT occurred_at AS told_at, subject_type AS object_type, subject_id AS object_id, attributes_string, attributes_int
                FROM current_events
                WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
                  AND type NOT IN ('link.withdrawn', 'object.same_as')
                UNION ALL
                SELECT described_at, object_type, object_id, attributes_string, attributes_int
                FROM {object_states:Identifier}
                WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
            )
            ARRAY JOIN {references:Array(Tuple(String, String, String, Array(String)))} AS reference
            WHERE object_type = reference.1
        )
        WHERE text != ''
    )
    ARRAY JOIN named_ids AS named_id
)
ARRAY JOIN [pair, (pair.2, pair.1)] AS ends
GROUP BY ends
