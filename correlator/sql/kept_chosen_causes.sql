    -- Grain: a condition on a row of what was kept of {reckoning}: do the filters choose it?
    -- Caller: included by the queries of what is kept.
-- include: correlator/kept_chosen
    AND (empty({cause:Array(String)}) OR has({cause:Array(String)}, cause::String) OR has({cause:Array(String)}, signature::String))
