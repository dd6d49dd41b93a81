-- Grain: one journey: one root in one model, first that of which it is an anchor.
-- Caller: correlator.naming, for Journeys and Families.
SELECT * FROM journeys FINAL
WHERE root_type = {root_type:String} AND root_id = {root_id:String}
  AND (first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')})
ORDER BY provisional, model
