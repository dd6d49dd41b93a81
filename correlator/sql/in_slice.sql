    -- Grain: a condition on a row of an object (object_type, object_id): does it lie in the slice that is derived now, from
    -- ({from_type}, {from_id}) on and before ({until_type}, {until_id})? Where a type is '' there is no such end. Spelled out for each
    -- column of the key, since of compared tuples the engine does not see which granules to read.
    -- Caller: included by what derives slice by slice (correlator.tick, correlator.handoffs).
    AND ({from_type:String} = '' OR (object_type >= {from_type:String} AND (object_type > {from_type:String} OR object_id >= {from_id:String})))
    AND ({until_type:String} = '' OR (object_type <= {until_type:String} AND (object_type < {until_type:String} OR object_id < {until_id:String})))
