-- Grain: one root of journeys that the object belongs to, whichever of its ids is given, of one model or ("") of all;
-- `total` counts them all. Caller: correlator.journeys.Journeys.of_object.
SELECT root_type, root_id, arraySort(groupUniqArray(model::String)) AS models, count() OVER () AS total FROM object_journeys FINAL
WHERE object_type = {object_type:String} AND object_id IN
    (
        SELECT {object_id:String}
        UNION ALL
        SELECT object_id FROM identities FINAL WHERE object_type = {object_type:String} AND alias_id = {object_id:String}
    )
  AND {of_model:String} IN ('', model::String)
GROUP BY root_type, root_id
ORDER BY root_type, root_id
LIMIT {limit:UInt64}
