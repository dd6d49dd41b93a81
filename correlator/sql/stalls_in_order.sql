    -- Grain: the order of a list of stalls that is sorted by {sort}. Caller: included by stalled_page, stall_page and stall_page_by_cause.
    multiIf({sort:String} = 'amount', -toFloat64(ifNull(amount, 0)), {sort:String} = 'opened', toFloat64(toUnixTimestamp64Micro(opened_at)), 0),
    multiIf({sort:String} = 'facility', facility::String, {sort:String} = 'handoff', title, {sort:String} = 'cause', signature, ''),
    due_at, key
