-- Grain: one of the stalled instances given, by its `place` among them, with its cause. Caller: correlator.stalls.Stalls.page.
WITH
-- include: correlator/stalls_definition
    ,
    overdue AS
    (
        SELECT o.1 AS place, o.2 AS model, o.3 AS handoff, o.4 AS object_type, o.5 AS object_id,
            fromUnixTimestamp64Micro(o.6, 'UTC') AS opened_at, o.7 AS opened_by, o.8 AS flow_type,
            definition.owner AS owner, definition.awaits AS awaits, definition.starts_elsewhere AS starts_elsewhere, definition.needs AS needs
        FROM (SELECT arrayJoin({stalled:Array(Tuple(UInt32, String, String, String, String, Int64, String, String))}) AS o) AS given
        INNER JOIN definition ON definition.model = o.2 AND definition.handoff = o.3
    ),
    hangs AS
    (
        SELECT h.1 AS model, h.2 AS object_type, h.3 AS object_id, h.4 AS on_type, h.5 AS on_id
        FROM (SELECT arrayJoin({hangs:Array(Tuple(String, String, String, String, String))}) AS h)
    ),
    documents AS
    (
        SELECT d.1 AS model, d.2 AS on_type, d.3 AS on_id, d.4 AS by_type, d.5 AS by_id
        FROM (SELECT arrayJoin({documents:Array(Tuple(String, String, String, String, String))}) AS d)
    ),
-- include: correlator/stalls_reasoned
SELECT place, cause, cause_summary, trace_id, signature, evidence FROM judged
