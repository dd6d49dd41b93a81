-- Grain: one currency of one cause ({of_causes}) or of all: what is at risk. What is stalled comes from stalls_reasoned or stalls_kept.
-- Caller: correlator.stalls.
-- Money counts once: an order, its invoice and its payment are the same money, so of each journey the largest sum over one
-- type of document counts. A document of several journeys is divided among them (stalled_parts). What is below zero (a credit
-- memo) is money that comes back: it is not at risk, nor does it make less of what is. Nothing is converted: each currency
-- counts by itself. Amounts are ten-thousandths, the smallest that they have.
SELECT signature, currency, toDecimal128(sum(of_root), 4) / 10000 AS at_risk
FROM
(
    SELECT signature, currency, root_type, root_id, max(of_type) AS of_root
    FROM
    (
        SELECT signature, currency, part.1 AS root_type, part.2 AS root_id, object_type, sum(part.3) AS of_type
        FROM
        (
            SELECT if({of_causes:Bool}, signature::String, '') AS signature, currency::String AS currency, object_type, object_id,
                argMin(
                    if(empty(parts), [(journey_type::String, journey_id, toInt128(greatest(ifNull(amount, 0), 0) * 10000))], parts),
                    key) AS divided
            FROM
            (
-- include: correlator/$source
            )
            GROUP BY signature, currency, object_type, object_id
        )
        ARRAY JOIN divided AS part
        GROUP BY signature, currency, root_type, root_id, object_type
    )
    GROUP BY signature, currency, root_type, root_id
)
GROUP BY signature, currency
