-- Grain: one stalled instance with all that its cause is judged by: what it hangs on, what opened it (integration, event type, and
-- the object it names), and the exception that is open on it. No more columns than judging takes: each costs something in
-- each step. Caller: correlator.reasoning.
INSERT INTO stalled_surrounded
    (key, model, handoff, object_type, object_id, flow_type, opened_at, opened_by, owner, awaits, needs, near, raised, has_exception, opened_with)
WITH
    -- All that a stalled object hangs on, as `near` (type, id, what may be lacking as (event type, on what), whether that stands there,
    -- spans).
    around AS
    (
        SELECT hangs.model AS of_model, hangs.object_type AS of_type, hangs.object_id AS of_id,
            groupArray((hangs.on_type, hangs.on_id, place.may_lack, place.stands, place.spans)) AS near
        FROM stalled_hangs AS hangs
        INNER JOIN stalled_places AS place
            ON place.model = hangs.model AND place.on_type = hangs.on_type AND place.on_id = hangs.on_id
        GROUP BY of_model, of_type, of_id
    ),
    -- What opened a stalled instance, as it names its object.
    opener AS
    (
        SELECT object_type, object_id, event_id, occurred_at, min((integration, event_type)) AS told
        FROM stalled_heard
        WHERE (object_type, object_id, event_id, occurred_at) IN (SELECT object_type, object_id, opened_by, opened_at FROM stalled_now)
        GROUP BY object_type, object_id, event_id, occurred_at
    )
SELECT o.key AS key, o.model::String AS model, o.handoff::String AS handoff, o.object_type::String AS object_type, o.object_id AS object_id,
    o.flow_type AS flow_type, o.opened_at AS opened_at, o.opened_by AS opened_by, o.owner AS owner, o.awaits AS awaits, o.needs AS needs,
    around.near AS near, excepted.raised AS raised, excepted.on_id != '' AS has_exception,
    if(opener.event_id = '', opener_elsewhere.told, (opener.told.1, opener.told.2, o.object_type::String, o.object_id)) AS opened_with
FROM stalled_now AS o
LEFT JOIN around ON around.of_model = o.model AND around.of_type = o.object_type AND around.of_id = o.object_id
LEFT JOIN opener ON opener.object_type = o.object_type AND opener.object_id = o.object_id
    AND opener.event_id = o.opened_by AND opener.occurred_at = o.opened_at
LEFT JOIN stalled_openers AS opener_elsewhere ON opener_elsewhere.by_event = o.opened_by AND opener_elsewhere.at = o.opened_at
LEFT JOIN stalled_exceptions AS excepted ON excepted.on_type = o.object_type AND excepted.on_id = o.object_id
