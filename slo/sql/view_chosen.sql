    -- Grain: one row of a view that the filters choose, as `items`. Its query is named where this is read.
    -- Caller: included by view_sums and view_page.
    items AS
    (
        SELECT *
        FROM
        (
-- include: slo/view_$key
        )
        WHERE (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
-- include: core/chosen_criticality
    )
