-- Grain: one journey: one root in one model, first that of which it is an anchor. `is_held`: it is of none, and by then one of
-- {models} holds the object in a journey of its anchor. Caller: correlator.naming, for Journeys and Families.
SELECT *, provisional AND
    (
        SELECT count() > 0 FROM journeys FINAL
        WHERE NOT provisional AND model::String IN {models:Array(String)}
          AND (first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')})
          AND (model, root_type, root_id) IN
          (
              SELECT model, root_type, root_id FROM object_journeys FINAL
              WHERE object_type = {root_type:String} AND object_id = {root_id:String}
          )
    ) AS is_held
FROM journeys FINAL
WHERE root_type = {root_type:String} AND root_id = {root_id:String}
  AND (first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')})
ORDER BY provisional, model
