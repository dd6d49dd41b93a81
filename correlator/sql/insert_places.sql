-- Grain: one object of this run and slice: the least of its journeys and how many it has, with its context: what its own
-- events say, and what they leave out as that journey has it. Every object of a run stands in a journey: in a tick in those that it
-- derived, and in those that it stood in before and the run did not derive.
-- An object has several handoffs: what costs joins is found once for all of them.
-- Caller: correlator.handoffs.
INSERT INTO {run_places:Identifier}
    (revision, object_type, object_id, root_type, root_id, journeys, facility, supplier, department, spend_category, criticality,
     flow_type, amount, currency, calendar, time_zone)
WITH
    place AS
    (
        -- (type, id) as one text in the same order, since a type has no character before '0': the minimum of tuples costs
        -- three times as much.
        SELECT object_type, object_id, min(concat(stands.root_type, '\0', stands.root_id)) AS least, count() AS journeys,
            substringIndex(least, '\0', 1) AS root_type, substring(least, length(root_type) + 2) AS root_id
        FROM
        (
            SELECT object_type, object_id, root_type, root_id FROM {object_journeys:Identifier} FINAL
            WHERE {whole:Bool} AND model = {model:String}
-- include: correlator/in_slice
            UNION ALL
            SELECT object_type, object_id, root_type, root_id FROM {run_members:Identifier}
            WHERE NOT {whole:Bool} AND revision = {revision:UInt64}
            UNION ALL
            SELECT object_type, object_id, root_type, root_id FROM {run_standing:Identifier}
            WHERE NOT {whole:Bool} AND revision = {revision:UInt64} AND (root_type, root_id) NOT IN
                (SELECT root_type, root_id FROM {run_roots:Identifier} WHERE revision = {revision:UInt64})
        ) AS stands
        GROUP BY object_type, object_id
        ORDER BY object_type, object_id -- as contexts lie: finding them in disorder costs more than sorting
    )
SELECT {revision:UInt64}, place.object_type, place.object_id, place.root_type, place.root_id, place.journeys,
    if(own.facility != '', own.facility, journey.facility) AS facility,
    if(own.supplier != '', own.supplier, journey.supplier),
    if(own.department != '', own.department, journey.department),
    if(own.spend_category != '', own.spend_category, journey.spend_category),
    if(own.criticality != '', own.criticality, journey.criticality),
    if(own.flow_type != '', own.flow_type, journey.flow_type),
    if(own.amount IS NOT NULL, own.amount, journey.amount),
    if(own.amount IS NOT NULL, own.currency, journey.currency),
    known.calendar, known.time_zone
FROM place
ANY LEFT JOIN
(
    SELECT * FROM {run_contexts:Identifier}
    WHERE revision = {revision:UInt64}
-- include: correlator/in_slice
) AS own
    ON cityHash64(own.object_type, own.object_id) = cityHash64(place.object_type, place.object_id)
        AND xxh3(own.object_type, own.object_id) = xxh3(place.object_type, place.object_id)
ANY LEFT JOIN
(
    SELECT * FROM {journeys:Identifier} FINAL
    WHERE model = {model:String} AND ({whole:Bool} OR (root_type, root_id) IN (SELECT root_type, root_id FROM place))
) AS journey
    ON cityHash64(journey.root_type, journey.root_id) = cityHash64(place.root_type, place.root_id)
        AND xxh3(journey.root_type, journey.root_id) = xxh3(place.root_type, place.root_id)
ANY LEFT JOIN (SELECT facility, calendar, time_zone FROM facilities FINAL) AS known
    ON known.facility = if(own.facility != '', own.facility, journey.facility)
