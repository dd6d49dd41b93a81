    -- Grain: one stalled handoff instance of {stalls}, with its `parts` where it belongs to several journeys.
    -- Caller: included by stall_groups and stall_money (correlator.stalls).
    SELECT told.*, shared.parts AS parts
    FROM {stalls:Identifier} AS told
    LEFT JOIN stalled_parts AS shared
        ON shared.model = told.model AND shared.object_type = told.object_type AND shared.object_id = told.object_id
