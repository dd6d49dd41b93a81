-- Grain: one object that something stalled hangs on, and a document of the kind that it needs something of, which is linked with
-- it. Caller: correlator.reasoning.
INSERT INTO stalled_documents (model, on_type, on_id, by_type, by_id)
SELECT model::String AS model, parent_type::String AS on_type, parent_id AS on_id, child_type::String AS by_type, child_id AS by_id
FROM current_parent_links
WHERE (model::String, parent_type::String, child_type::String) IN {document_pairs:Array(Tuple(String, String, String))}
  AND (model, parent_type, parent_id) IN
      (SELECT model, on_type, on_id FROM stalled_hangs WHERE has(arrayMap(pair -> (pair.1, pair.2), {document_pairs:Array(Tuple(String, String, String))}), (model, on_type)))
UNION ALL
SELECT model::String, child_type::String, child_id, parent_type::String, parent_id
FROM current_links
WHERE (model::String, child_type::String, parent_type::String) IN {document_pairs:Array(Tuple(String, String, String))}
  AND (model, child_type, child_id) IN
      (SELECT model, on_type, on_id FROM stalled_hangs WHERE has(arrayMap(pair -> (pair.1, pair.2), {document_pairs:Array(Tuple(String, String, String))}), (model, on_type)))
