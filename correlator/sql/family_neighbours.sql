-- Grain: one journey that shares an object with one of {roots}; objects and journeys not heard of by {as_of} do not count.
-- Caller: correlator.families.Families.family.
WITH
    held AS
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND (root_type, root_id) IN
              (SELECT root.1, root.2 FROM (SELECT arrayJoin({roots:Array(Tuple(String, String))}) AS root))
    ),
    later AS
    (
        SELECT object_type, object_id FROM current_event_objects
        WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM held)
        GROUP BY object_type, object_id
        HAVING min(occurred_at) > {as_of:DateTime64(6, 'UTC')}
    )
SELECT root_type, root_id, facility, supplier, amount, currency, first_event_at
FROM journeys FINAL
WHERE model = {model:String} AND (first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')})
  AND (root_type, root_id) IN
      (
          SELECT root_type, root_id FROM object_journeys FINAL
          WHERE model = {model:String} AND (object_type, object_id) IN (SELECT object_type, object_id FROM held)
            AND (object_type, object_id) NOT IN (SELECT object_type, object_id FROM later)
      )
ORDER BY root_type, root_id
