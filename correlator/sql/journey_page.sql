-- Grain: one journey with a handoff that passes the filters, the newest first. Caller: correlator.journeys.Journeys.page.
SELECT *, count() OVER () AS total
FROM
(
    SELECT *, row_number() OVER (ORDER BY first_event_at DESC, model, root_type, root_id) AS place
    FROM journeys FINAL
    WHERE (first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')})
      AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
      AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
      AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
      AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
      AND (empty({handoff:Array(String)}) OR (model, root_type, root_id) IN
          (
              SELECT model, root_type, root_id FROM object_journeys FINAL
              WHERE (model, object_type, object_id) IN
                  (
                      SELECT model, object_type, object_id FROM handoffs FINAL
                      WHERE has({handoff:Array(String)}, handoff::String) AND opened_at <= {as_of:DateTime64(6, 'UTC')}
                  )
          ))
)
ORDER BY place
LIMIT {limit:UInt64} OFFSET {after:UInt64}
