    -- Grain: one stalled handoff instance of `scoped` (stalls with a `scope`), with the money it adds to its scope's amount
    -- at risk, as `valued`. Money counts once: an order, its invoice and its payment are the same money, so of each journey
    -- the largest sum over one type of document counts. What is below zero (a credit memo) is money that comes back: it is
    -- not at risk, nor does it make less of what is. Caller: included by stall_groups and stall_summary.
    counted AS
    (
        SELECT *, if(row_number() OVER (PARTITION BY scope, currency, object_type, object_id ORDER BY key) = 1, greatest(ifNull(amount, 0), 0), 0) AS own
        FROM scoped
    ),
    summed AS
    (
        SELECT *, sum(own) OVER (PARTITION BY scope, currency, journey_type, journey_id, object_type) AS of_type FROM counted
    ),
    ranked AS
    (
        SELECT *, max((of_type, object_type)) OVER (PARTITION BY scope, currency, journey_type, journey_id) AS largest FROM summed
    ),
    valued AS
    (
        SELECT *, if((of_type, object_type) = largest, own, 0) AS money FROM ranked
    )
