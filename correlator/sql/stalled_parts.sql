-- Grain: one stalled document of several journeys with its part of each (root type, root id, ten-thousandths): they add up. It is divided
-- first as what is stalled in each journey by itself (`alone`), and what it has beyond that by what they began with (evenly where
-- that is not known of all, or in another currency). Caller: correlator.reasoning.
INSERT INTO stalled_parts (model, object_type, object_id, parts)
WITH
    alone AS
    (
        SELECT currency, journey_type, journey_id, max(of_type) AS stalled_there
        FROM
        (
            SELECT currency, journey_type, journey_id, object_type, sum(own) AS of_type
            FROM
            (
                SELECT currency::String AS currency, journey_type::String AS journey_type, journey_id, object_type, object_id,
                    toInt128(max(greatest(ifNull(amount, 0), 0)) * 10000) AS own
                FROM stalled_now
                WHERE journeys = 1
                  AND (journey_type::String, journey_id) IN (SELECT root_type::String, root_id FROM stalled_shared)
                GROUP BY currency, journey_type, journey_id, object_type, object_id
            )
            GROUP BY currency, journey_type, journey_id, object_type
        )
        GROUP BY currency, journey_type, journey_id
    )
SELECT model, object_type, object_id, parts
FROM
(
    SELECT model, object_type, object_id,
        arraySort(groupArray((root_type, root_id, begun, stalled_there, is_known))) AS roots,
        arrayMap(root -> if(arrayAll(each -> each.5, roots), root.3, 1)::Int128, roots) AS weights,
        arrayMap(root -> root.4, roots) AS lone,
        any(own) AS whole,
        whole - arraySum(lone) AS beyond,
        if(beyond > 0,
           arrayMap((base, weight, so_far) -> base + intDiv(beyond * so_far, arraySum(weights)) - intDiv(beyond * (so_far - weight), arraySum(weights)),
               lone, weights, arrayCumSum(weights)),
           arrayMap((base, so_far) -> intDiv(whole * so_far, greatest(arraySum(lone), 1)) - intDiv(whole * (so_far - base), greatest(arraySum(lone), 1)),
               lone, arrayCumSum(lone))) AS shares,
        arrayMap((root, share) -> (root.1, root.2, share), roots, shares) AS parts
    FROM
    (
        SELECT divided.model AS model, divided.object_type AS object_type, divided.object_id AS object_id, divided.own AS own,
            stands.root_type::String AS root_type, stands.root_id AS root_id, stands.begun AS begun,
            alone.stalled_there::Int128 AS stalled_there, begun > 0 AND stands.currency = divided.currency AS is_known
        FROM
        (
            SELECT model, object_type, object_id, any(currency::String) AS currency, toInt128(max(greatest(ifNull(amount, 0), 0)) * 10000) AS own
            FROM stalled_now
            WHERE journeys > 1
            GROUP BY model, object_type, object_id
        ) AS divided
        INNER JOIN stalled_shared AS stands
            ON stands.model = divided.model AND stands.object_type = divided.object_type AND stands.object_id = divided.object_id
        LEFT JOIN alone
            ON alone.currency = divided.currency AND alone.journey_type = stands.root_type::String AND alone.journey_id = stands.root_id
    )
    GROUP BY model, object_type, object_id
)
