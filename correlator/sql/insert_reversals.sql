-- Grain: one reversal of a handoff of an object of this run after which nothing of its kind of document stands any more. Of each
-- document the last counts that was told of it by then, at one instant the reversal. A reversal that names no document of its
-- kind, or one that nothing was done by, undoes whatever stands: who can tell which was meant?
-- Caller: correlator.signals, after insert_linked_signals, whose reversals of no handoff (role 8) say where to look.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, received_at, holds_over)
WITH
    turn AS
    (
        SELECT t.1 AS handoff, t.2 AS object_type, t.3 AS through, t.4 AS of_type, t.5 AS event_type, t.6 AS role, t.7 AS kind,
            t.8 AS counts, t.9 AS matter
        FROM (SELECT arrayJoin({turns:Array(Tuple(String, String, String, String, String, UInt8, String, Bool, UInt16))}) AS t)
    ),
    turned AS
    (
        SELECT object_type::String AS object_type, object_id FROM {run_events:Identifier}
        WHERE revision IN (0, {revision:UInt64}) AND (object_type, event_type) IN {own_reversals:Array(Tuple(String, String))}
        UNION DISTINCT
        SELECT object_type::String, object_id FROM {run_signals:Identifier} WHERE revision = {revision:UInt64} AND role = 8
    ),
    -- Where the conditions of such an object look: on itself, and on what is linked with it.
    place AS
    (
        SELECT object_type, object_id, '' AS through, object_type AS of_type, object_id AS of_id FROM turned
        UNION ALL
        SELECT object_type::String, object_id, through::String, of_type::String, of_id FROM {run_linked:Identifier}
        WHERE revision = {revision:UInt64} AND (object_type, object_id) IN turned
    ),
    -- And whose events are read there: its own, and those of the documents that attach to it.
    spot AS
    (
        SELECT of_type, of_id, of_type AS by_type, of_id AS by_id FROM place
        UNION DISTINCT
        SELECT parent_type::String, parent_id, child_type::String, child_id FROM {current_parent_links:Identifier}
        WHERE model = {model:String} AND (parent_type, child_type) IN {document_pairs:Array(Tuple(String, String))}
          AND (parent_type, parent_id) IN (SELECT of_type, of_id FROM place)
    ),
    happened AS
    (
        SELECT object_type::String AS object_type, object_id, event_type::String AS event_type, occurred_at,
            integration::String AS integration, event_id, min(told.received_at) AS received_at
        FROM current_event_objects AS told
        WHERE event_type IN {event_types:Array(String)} AND (object_type, object_id) IN (SELECT by_type, by_id FROM spot)
        GROUP BY object_type, object_id, event_type, occurred_at, integration, event_id
    ),
    -- What was told of the documents of an object, and where its conditions look (`is_here`): each event, with the documents that it
    -- names. A `matter` is a handoff, and so a type of object, with a kind of document.
    told AS
    (
        SELECT turn.matter AS matter, place.object_id AS object_id, happened.occurred_at AS at, turn.role AS role,
            happened.integration AS integration, happened.event_id AS event_id, min(happened.received_at) AS received_at,
            arrayDistinct(groupArrayIf(spot.by_id, spot.by_type = turn.kind)) AS documents,
            max(turn.counts AND spot.by_type = place.of_type AND spot.by_id = place.of_id) AS is_here
        FROM place
        INNER JOIN turn ON turn.object_type = place.object_type AND turn.through = place.through AND turn.of_type = place.of_type
        INNER JOIN spot ON spot.of_type = place.of_type AND spot.of_id = place.of_id
        INNER JOIN happened ON happened.object_type = spot.by_type AND happened.object_id = spot.by_id
            AND happened.event_type = turn.event_type
        WHERE spot.by_type = turn.kind OR (turn.counts AND spot.by_type = place.of_type AND spot.by_id = place.of_id)
        GROUP BY matter, object_id, at, role, integration, event_id
    ),
    step AS
    (
        SELECT matter, object_id, at, role, received_at, role != 1 AS undoes, if(undoes AND is_here, event_id, '') AS reversal,
            undoes AND is_here AS is_asked, arrayJoin(if(empty(documents), [''], documents)) AS document
        FROM told
    ),
    -- `sweeps`: it undoes whatever stands.
    swept AS
    (
        SELECT *, undoes AND (document = '' OR at < min(if(undoes, {never:DateTime64(6, 'UTC')}, at)) OVER (PARTITION BY matter, object_id, document)) AS sweeps
        FROM step
    ),
    -- What a document did stands from then until it is undone next, or all is.
    done AS
    (
        SELECT matter, object_id, at, role, reversal, received_at, is_asked,
            if(undoes, toDateTime64(0, 6, 'UTC'), least(
                min(if(undoes, at, {never:DateTime64(6, 'UTC')})) OVER
                (
                    PARTITION BY matter, object_id, document
                    ORDER BY at, undoes ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
                ),
                min(if(sweeps, at, {never:DateTime64(6, 'UTC')})) OVER
                (
                    PARTITION BY matter, object_id
                    ORDER BY at, undoes ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
                ))) AS stands_until
        FROM swept
    ),
    weighed AS
    (
        SELECT *,
            max(stands_until) OVER
            (
                PARTITION BY matter, object_id ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS something_stands_until
        FROM done
    )
SELECT DISTINCT {revision:UInt64}, named.handoff, named.object_type, object_id, at, role, reversal, received_at, false
FROM weighed
INNER JOIN (SELECT DISTINCT matter, handoff, object_type FROM turn) AS named ON named.matter = weighed.matter
WHERE is_asked AND something_stands_until <= at
