-- Grain: one stalled object and one that it hangs on where that could be needed: itself, its parents, and the roots of its
-- journeys, however far up they are. Caller: correlator.reasoning.
INSERT INTO stalled_hangs (model, object_type, object_id, on_type, on_id)
SELECT model::String AS model, object_type::String AS object_type, object_id, object_type::String AS on_type, object_id AS on_id
FROM stalled_now
UNION DISTINCT
SELECT model::String, child_type::String, child_id, parent_type::String, parent_id
FROM current_links
WHERE (model::String, child_type::String, parent_type::String) IN {hanging:Array(Tuple(String, String, String))}
  AND (model, child_type, child_id) IN (SELECT model, object_type, object_id FROM stalled_now)
UNION DISTINCT
SELECT model::String, object_type::String, object_id, root_type::String, root_id
FROM object_journeys FINAL
WHERE (model::String, object_type::String, root_type::String) IN {hanging:Array(Tuple(String, String, String))}
  AND (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM stalled_now)
