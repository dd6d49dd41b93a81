    -- Grain: a condition on a row of a table with `criticality`: is it among those chosen, none meaning all? What is judged
    -- as `standard`, unknown words included, is found by its own word and by that.
    -- Caller: included by the queries of correlator/sql and slo/sql that take the filters of core.filters.
    AND (empty({criticality:Array(String)}) OR hasAny(
        {criticality:Array(String)},
        [criticality::String, if(criticality::String IN ('clinical-critical', 'low'), criticality::String, 'standard')]))
