    -- Grain: what conditions look at beside the objects of a slice of this run: `condition` (as correlator.signals.LinkedCondition), the
    -- objects `beside` those of the slice and `beyond` these, what `happened` on either, and through what it is seen.
    -- Caller: included by insert_linked_signals and insert_linked_moments.
    condition AS
    (
        SELECT c.1 AS handoff, c.2 AS place, c.3 AS object_type, c.4 AS through, c.5 AS of_type, c.6 AS event_type, c.7 AS role,
            c.8 AS match, c.9 AS holds_over, if(through = '', of_type, through) AS by_type
        FROM (SELECT arrayJoin({conditions:Array(Tuple(String, UInt16, String, String, String, String, UInt8, String, Bool))}) AS c)
    ),
    beside AS
    (
        SELECT object_type, object_id, of_type, of_id FROM {run_linked:Identifier}
        WHERE revision = {revision:UInt64} AND NOT is_further
-- include: correlator/in_slice
    ),
    beyond AS
    (
        SELECT object_type, object_id, of_type, of_id FROM {run_linked:Identifier}
        WHERE revision = {revision:UInt64} AND is_further AND object_type IN {between:Array(String)}
          AND (object_type, object_id) IN (SELECT of_type, of_id FROM beside)
    ),
    happened AS
    (
        SELECT object_type, object_id, event_type, groupUniqArray((occurred_at, event_id, received_at)) AS told
        FROM current_event_objects
        WHERE event_type IN {event_types:Array(String)} AND object_type IN {of_types:Array(String)}
          AND (object_type, object_id) IN
              (SELECT of_type, of_id FROM beside WHERE of_type IN {of_types:Array(String)} UNION ALL SELECT of_type, of_id FROM beyond)
        GROUP BY object_type, object_id, event_type
    ),
    -- Through what each such object is seen.
    seen_through AS
    (
        SELECT of_type, of_id, groupArray((object_type::String, object_id)) AS ways FROM beyond GROUP BY of_type, of_id
    ),
