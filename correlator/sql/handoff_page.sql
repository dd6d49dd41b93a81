-- Grain: one handoff instance, the newest first. Caller: correlator.journeys.Journeys.handoffs.
SELECT *, count() OVER () AS total
FROM handoffs FINAL
WHERE opened_at <= {as_of:DateTime64(6, 'UTC')}
  AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
  AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
  AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
  AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
  AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff::String))
ORDER BY opened_at DESC, model, handoff, object_type, object_id, cycle
LIMIT {limit:UInt64} OFFSET {after:UInt64}
