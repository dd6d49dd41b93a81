-- Grain: one currency of one cause ({of_causes}) or of all of {stalls}: what is at risk. Caller: correlator.stalls.Stalls.
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
            SELECT told.signature AS signature, told.currency AS currency, told.object_type AS object_type,
                if(empty(shared.parts), [(told.first.2, told.first.3, told.first.4)], shared.parts) AS parts
            FROM
            (
                SELECT if({of_causes:Bool}, signature, '') AS signature, currency, object_type, object_id,
                    argMin((model, journey_type::String, journey_id, toInt128(greatest(ifNull(amount, 0), 0) * 10000)), key) AS first
                FROM {stalls:Identifier}
                GROUP BY signature, currency, object_type, object_id
            ) AS told
            LEFT JOIN stalled_parts AS shared
                ON shared.model = told.first.1 AND shared.object_type = told.object_type AND shared.object_id = told.object_id
        )
        ARRAY JOIN parts AS part
        GROUP BY signature, currency, root_type, root_id, object_type
    )
    GROUP BY signature, currency, root_type, root_id
)
GROUP BY signature, currency
