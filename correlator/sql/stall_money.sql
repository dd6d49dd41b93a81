    -- Grain: one stalled handoff instance of `scoped` (stalls of `overdue` with a `scope`) in one of the journeys that its document is
    -- divided among, with the money it adds to its scope's amount at risk, as `valued`; `is_first` of one row of each instance.
    -- Caller: included by stall_groups and stall_sum.
    -- Money counts once: an order, its invoice and its payment are the same money, so of each journey the largest sum over one
    -- type of document counts. A document of several journeys is divided among them: first as what is stalled in each by
    -- itself, and what it has beyond that by what they began with (evenly where that is not known of all, or in another
    -- currency). What is below zero (a credit memo) is money that comes back: it is not at risk, nor does it make less of what
    -- is. Nothing is converted: each currency counts by itself.
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
                FROM overdue
                WHERE journeys = 1
                GROUP BY currency, journey_type, journey_id, object_type, object_id
            )
            GROUP BY currency, journey_type, journey_id, object_type
        )
        GROUP BY currency, journey_type, journey_id
    ),
    -- A document of several journeys, and its part of each in ten-thousandths, the smallest that amounts have: they add up.
    shared AS
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
                stands.root_type::String AS root_type, stands.root_id AS root_id, toInt128(ifNull(began.amount, 0) * 10000) AS begun,
                alone.stalled_there::Int128 AS stalled_there, begun > 0 AND began.currency = divided.currency AS is_known
            FROM
            (
                SELECT model, object_type, object_id, any(currency::String) AS currency, toInt128(max(greatest(ifNull(amount, 0), 0)) * 10000) AS own
                FROM overdue
                WHERE journeys > 1
                GROUP BY model, object_type, object_id
            ) AS divided
            INNER JOIN
            (
                SELECT model, object_type, object_id, root_type, root_id FROM object_journeys FINAL
                WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM overdue WHERE journeys > 1)
            ) AS stands
                ON stands.model = divided.model AND stands.object_type = divided.object_type AND stands.object_id = divided.object_id
            LEFT JOIN
            (
                SELECT model, root_type, root_id, amount, currency::String AS currency FROM journeys FINAL
                WHERE (model, root_type, root_id) IN
                (
                    SELECT model, root_type, root_id FROM object_journeys FINAL
                    WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM overdue WHERE journeys > 1)
                )
            ) AS began ON began.model = stands.model AND began.root_type = stands.root_type AND began.root_id = stands.root_id
            LEFT JOIN alone
                ON alone.currency = divided.currency AND alone.journey_type = stands.root_type::String AND alone.journey_id = stands.root_id
        )
        GROUP BY model, object_type, object_id
    ),
    counted AS
    (
        SELECT scoped.*,
            row_number() OVER (PARTITION BY scope, currency, scoped.object_type, scoped.object_id ORDER BY key) = 1 AS counts,
            multiIf(
                NOT counts, [(journey_type::String, journey_id, toInt128(0))],
                empty(shared.parts), [(journey_type::String, journey_id, toInt128(greatest(ifNull(amount, 0), 0) * 10000))],
                shared.parts) AS parts
        FROM scoped
        LEFT JOIN shared ON shared.model = scoped.model AND shared.object_type = scoped.object_type AND shared.object_id = scoped.object_id
    ),
    summed AS
    (
        SELECT * EXCEPT (parts), nth = 1 AS is_first, part.1 AS root_type, part.2 AS root_id, part.3 AS own,
            sum(own) OVER (PARTITION BY scope, currency, root_type, root_id, object_type) AS of_type
        FROM counted
        ARRAY JOIN parts AS part, arrayEnumerate(parts) AS nth
    ),
    ranked AS
    (
        SELECT *, max((of_type, object_type)) OVER (PARTITION BY scope, currency, root_type, root_id) AS largest FROM summed
    ),
    valued AS
    (
        SELECT *, if((of_type, object_type) = largest, toDecimal128(own, 4) / 10000, 0) AS money FROM ranked
    )
