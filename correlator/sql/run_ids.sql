        -- Grain: one id of an object that this run's facts touched. Caller: included by count_corrections and insert_corrected.
        SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
        UNION ALL
        SELECT object_type, alias_id FROM {run_identities:Identifier} WHERE revision = {revision:UInt64}
        UNION ALL
        SELECT object_type, alias_id FROM aliases FINAL
        WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64})
