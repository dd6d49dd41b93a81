    -- Grain: one object of this run and slice: the least of its journeys and how many it has, with its context: what its own
    -- events say, and what they leave out as that journey has it; as `placed` (object_type, object_id, standing). Every object of
    -- a run stands in a journey.
    -- An object has several handoffs: what costs joins is found once for all of them.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    place AS
    (
        -- (type, id) as one text in the same order, since a type has no character before '0': the minimum of tuples costs
        -- three times as much.
        SELECT object_type, object_id, min(concat(stands.root_type, '\0', stands.root_id)) AS least, count() AS journeys,
            substringIndex(least, '\0', 1) AS root_type, substring(least, length(root_type) + 2) AS root_id
        FROM {object_journeys:Identifier} AS stands FINAL
        WHERE model = {model:String} AND ({slices:UInt32} = 1 OR cityHash64(object_type, object_id) % {slices:UInt32} = {slice:UInt32})
          AND ({whole:Bool} OR (object_type, object_id) IN in_run)
        GROUP BY object_type, object_id
    ),
    placed AS
    (
        SELECT place.object_type AS object_type, place.object_id AS object_id,
            (place.root_type, place.root_id, place.journeys,
             if(own.facility != '', own.facility, journey.facility),
             if(own.supplier != '', own.supplier, journey.supplier),
             if(own.department != '', own.department, journey.department),
             if(own.spend_category != '', own.spend_category, journey.spend_category),
             if(own.criticality != '', own.criticality, journey.criticality) AS criticality,
             if(own.flow_type != '', own.flow_type, journey.flow_type),
             if(own.amount IS NOT NULL, own.amount, journey.amount),
             if(own.amount IS NOT NULL, own.currency, journey.currency),
             if(criticality IN ('clinical-critical', 'low'), criticality::String, 'standard'))::Tuple(
                root_type String, root_id String, journeys UInt32, facility String, supplier String, department String,
                spend_category String, criticality String, flow_type String, amount Nullable(Decimal(18, 4)), currency String,
                target_criticality String) AS standing
        FROM place
        LEFT JOIN
        (
            SELECT * FROM run_contexts
            WHERE revision = {revision:UInt64} AND ({slices:UInt32} = 1 OR cityHash64(object_type, object_id) % {slices:UInt32} = {slice:UInt32})
        ) AS own
            ON own.object_type = place.object_type AND own.object_id = place.object_id
        LEFT JOIN
        (
            SELECT * FROM {journeys:Identifier} FINAL
            WHERE model = {model:String} AND ({whole:Bool} OR (root_type, root_id) IN (SELECT root_type, root_id FROM place))
        ) AS journey
            ON journey.root_type = place.root_type AND journey.root_id = place.root_id
    ),
