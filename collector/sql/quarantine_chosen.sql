  -- Grain: a condition on `held`, beyond what it already asks of quarantine itself.
  -- Caller: included by what reads the quarantine record by record.
  (empty({reason:Array(String)}) OR reason IN {reason:Array(String)})
  AND (empty({status:Array(String)}) OR status IN {status:Array(String)})
