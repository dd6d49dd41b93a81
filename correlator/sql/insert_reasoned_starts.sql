-- Grain: one start of a handoff that only events of certain reasons, or of all others, start, for an object of this run.
-- Caller: correlator.signals.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, received_at, holds_over)
WITH
    start AS
    (
        SELECT s.1 AS handoff, s.2 AS object_type, s.3 AS event_type, s.4 AS reasons, s.5 AS is_other
        FROM (SELECT arrayJoin({starts:Array(Tuple(String, String, String, Array(String), Bool))}) AS s)
    )
SELECT {revision:UInt64}, start.handoff, told.object_type, told.object_id, told.occurred_at, 0, told.event_id, told.received_at, false
FROM
(
    SELECT object_type, object_id, event_type, occurred_at, event_id, received_at, reason FROM {run_events:Identifier}
    WHERE revision IN (0, {revision:UInt64}) AND (object_type, event_type) IN {pairs:Array(Tuple(String, String))}
) AS told
INNER JOIN start ON start.object_type = told.object_type AND start.event_type = told.event_type
WHERE has(start.reasons, told.reason::String) != start.is_other
