    -- Grain: one signal of a handoff of `signals` for an object of this run: an event that names the object, or one on what
    -- is linked with it (correlator/signals.py); as `told` (handoff, object_type, object_id, occurred_at, role, event_id,
    -- received_at). A handoff is its place in {handoffs}: signals are gathered and sorted by it, and texts cost more.
    -- Caller: included by correlator/sql/write_handoffs.sql and insert_interruptible_cycles.sql.
    signal AS
    (
        SELECT toUInt16(indexOf({keys:Array(String)}, s.1)) AS handoff, s.2 AS object_type, s.3 AS event_type, s.4 AS role
        FROM (SELECT arrayJoin({signals:Array(Tuple(String, String, String, UInt8))}) AS s)
    ),
    told AS
    (
        SELECT handoff, object_type, object_id, occurred_at, role, event_id, received_at
        FROM
        (
            SELECT object_type, object_id, event_type, occurred_at, event_id, received_at FROM {run_events:Identifier}
            WHERE revision IN (0, {revision:UInt64})
-- include: correlator/in_slice
        ) AS events
        INNER JOIN signal USING (object_type, event_type)
        UNION ALL
        SELECT toUInt16(indexOf({keys:Array(String)}, handoff::String)) AS handoff, object_type, object_id, occurred_at, role, event_id,
            received_at
        FROM {run_signals:Identifier} AS signals
        WHERE revision = {revision:UInt64} AND signals.handoff IN {keys:Array(String)}
-- include: correlator/in_slice
    ),
