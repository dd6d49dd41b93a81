            -- Grain: a condition on a row of `handoffs`: is it among those that the filters of core.filters choose, the cause
            -- apart? Caller: included by the queries of lag and forecast.
            AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
-- include: core/chosen_criticality
            AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff))
