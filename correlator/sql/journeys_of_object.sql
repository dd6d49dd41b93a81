-- Grain: one journey that the object belongs to, whichever of its ids is given. Caller: correlator.journeys.Journeys.of_object.
SELECT DISTINCT root_type, root_id FROM object_journeys FINAL
WHERE object_type = {object_type:String} AND object_id IN
    (
        SELECT {object_id:String}
        UNION ALL
        SELECT object_id FROM identities FINAL WHERE object_type = {object_type:String} AND alias_id = {object_id:String}
    )
ORDER BY root_type, root_id
LIMIT 1000
