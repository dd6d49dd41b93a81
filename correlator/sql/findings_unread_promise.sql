-- Grain: one integration with its events whose promised time nobody can read: of an attribute that some handoff of an object which
-- they name, or describe, is due from. Descriptions know none of the filters: with any in force they do not count.
-- Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
    ,
    said AS
    (
        SELECT integration, occurred_at AS at, event_id, type::String AS event_type, subject_type::String AS object_type, subject_id AS object_id,
            objects.type AS types, attributes_string, attributes_int, attributes_float, attributes_bool
        FROM told
        UNION ALL
        SELECT integration, described_at, event_id, 'object.described', object_type::String, object_id, [object_type], attributes_string,
            attributes_int, attributes_float, attributes_bool
        FROM named_descriptions
        WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {as_of:DateTime64(6, 'UTC')} AND NOT {filtered:Bool}
    ),
    promised AS
    (
        SELECT *, arrayJoin(arrayDistinct(arrayMap(p -> p.2, arrayFilter(p -> has(types, p.1),
            {promised:Array(Tuple(String, String))})))) AS attribute,
            trimBoth(values[attribute]) AS text, toDate32OrZero(left(text, 10)) AS day
        FROM
        (
            -- A number is no time either: of which unit, and since when?
            SELECT *, mapConcat(attributes_string, attributes_int::Map(LowCardinality(String), String),
                attributes_float::Map(LowCardinality(String), String), attributes_bool::Map(LowCardinality(String), String)) AS values
            FROM said
            WHERE hasAny(arrayConcat(mapKeys(attributes_string), mapKeys(attributes_int), mapKeys(attributes_float), mapKeys(attributes_bool)),
                arrayMap(p -> p.2, {promised:Array(Tuple(String, String))}))
        )
        WHERE text != ''
    )
SELECT
    integration::String AS integration, uniqExactIf(event_id, NOT readable) AS found, uniqExact(event_id) AS checked,
    map()::Map(String, Float64) AS figures,
    groupArraySortedIf(5)((at, event_id, event_type, object_type, object_id,
        concat(attribute, ': ', substringUTF8(text, 1, 100))), NOT readable) AS examples
FROM
(
    SELECT *,
-- include: correlator/promise_is_readable
        AS readable
    FROM promised
)
GROUP BY integration
HAVING found > 0
