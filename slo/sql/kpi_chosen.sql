    -- Grain: one item of a KPI that the filters choose, as `items`; `key` is what the figure is asked by: {by}, a
    -- dimension, `who`, or '' for all. Its query is named where this is read.
    -- Caller: included by kpi_shares, kpi_medians, kpi_survivals and kpi_page.
    items AS
    (
        SELECT
            *,
            multiIf(
                {by:String} = 'facility', toString(facility),
                {by:String} = 'flow_type', toString(flow_type),
                {by:String} = 'supplier', toString(supplier),
                {by:String} = 'department', toString(department),
                {by:String} = 'who', who,
                '') AS key
        FROM
        (
-- include: slo/kpi_$key
        )
        WHERE (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
-- include: core/chosen_criticality
    )
