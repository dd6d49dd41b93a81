    -- Grain: a condition on a row of what was kept of {reckoning}: do the filters choose it, whatever its cause?
    -- Caller: included by the queries of what is kept.
    reckoning = {reckoning:String}
    AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
    AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
    AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
    AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
    AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff::String))
