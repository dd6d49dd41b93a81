-- Grain: one of the stalled objects given and one that it hangs on. Caller: correlator.stalls.Stalls.page.
WITH
    stalled_by_then AS
    (
        SELECT o.1 AS model, o.2 AS object_type, o.3 AS object_id
        FROM (SELECT arrayJoin({objects:Array(Tuple(String, String, String))}) AS o)
    ),
-- include: correlator/stalls_hangs
SELECT model, object_type, object_id, on_type, on_id FROM hangs
