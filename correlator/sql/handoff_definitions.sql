    -- Grain: what a model says of its handoffs: `definition`, `signal`, `target`; and `in_run`: the objects of this run.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    definition AS
    (
        SELECT d.1 AS handoff, d.2 AS flow_types
        FROM (SELECT arrayJoin({definitions:Array(Tuple(String, Array(String)))}) AS d)
    ),
    signal AS
    (
        SELECT s.1 AS handoff, s.2 AS object_type, s.3 AS event_type, s.4 AS role
        FROM (SELECT arrayJoin({signals:Array(Tuple(String, String, String, UInt8))}) AS s)
    ),
    target AS
    (
        SELECT t.1 AS handoff, t.2 AS criticality, t.3 AS unit, t.4 AS amount
        FROM (SELECT arrayJoin({targets:Array(Tuple(String, String, String, Int64))}) AS t)
    ),
    in_run AS
    (
        SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64}
    ),
