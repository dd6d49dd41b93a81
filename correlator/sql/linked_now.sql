    -- Grain: one object that is linked now with one of `near`, or with any in a rebuild ({whole}), of types that conditions look at or
    -- look through ({pairs}: of the one, and of that). Caller: included by insert_linked and insert_linked_further.
    SELECT child_type AS object_type, child_id AS object_id, parent_type AS of_type, parent_id AS of_id
    FROM {current_links:Identifier}
    WHERE model = {model:String} AND (child_type, parent_type) IN {pairs:Array(Tuple(String, String))}
      AND ({whole:Bool} OR (child_type, child_id) IN near)
    UNION ALL
    SELECT parent_type, parent_id, child_type, child_id
    FROM {current_parent_links:Identifier}
    WHERE model = {model:String} AND (parent_type, child_type) IN {pairs:Array(Tuple(String, String))}
      AND ({whole:Bool} OR (parent_type, parent_id) IN near)
