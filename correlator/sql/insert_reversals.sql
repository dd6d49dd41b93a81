-- Grain: one reversal of a handoff of an object of this run after which nothing of its kind of document stands any more. Of each
-- document the last counts that was told of it by then, at one instant the reversal. A reversal that names no document of its
-- kind, or one that nothing was done by, undoes whatever stands: who can tell which was meant?
-- Caller: correlator.signals, after insert_alike: of those who look at the same, one is weighed for all.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, received_at, holds_over)
WITH
    turn AS
    (
        SELECT t.1 AS handoff, t.2 AS object_type, t.3 AS through, t.4 AS of_type, t.5 AS event_type, t.6 AS role, t.7 AS kind,
            t.8 AS counts, t.9 AS matter
        FROM (SELECT arrayJoin({turns:Array(Tuple(String, String, String, String, String, UInt8, String, Bool, UInt16))}) AS t)
    ),
    -- Where conditions look: at an object (`through` is empty), or at what is linked with one of the type `through`.
    place AS
    (
        SELECT matter, object_id, way.through AS through, way.of_type AS of_type, way.by_id AS by_id
        FROM {run_alike:Identifier} ARRAY JOIN ways AS way
        WHERE revision = {revision:UInt64}
    ),
    looked_at AS
    (
        SELECT DISTINCT through, of_type, by_id, by_id AS of_id FROM place WHERE through = ''
        UNION ALL
        SELECT object_type::String, of_type::String, object_id, of_id FROM {run_linked:Identifier}
        WHERE revision = {revision:UInt64} AND is_further AND (object_type, of_type, object_id) IN (SELECT through, of_type, by_id FROM place)
    ),
    -- And whose events are read there: its own, and those of the documents that attach to it.
    spot AS
    (
        SELECT through, of_type, by_id, of_id, of_type AS read_type, of_id AS read_id FROM looked_at
        UNION ALL
        SELECT looked_at.through, looked_at.of_type, looked_at.by_id, looked_at.of_id, document.child_type::String, document.child_id
        FROM looked_at
        INNER JOIN
        (
            SELECT parent_type, parent_id, child_type, child_id FROM {current_parent_links:Identifier}
            WHERE model = {model:String} AND (parent_type, child_type) IN {document_pairs:Array(Tuple(String, String))}
              AND (parent_type, parent_id) IN (SELECT of_type, of_id FROM looked_at)
        ) AS document ON document.parent_type = looked_at.of_type AND document.parent_id = looked_at.of_id
    ),
    happened AS
    (
        SELECT object_type::String AS object_type, object_id, event_type::String AS event_type, occurred_at,
            integration::String AS integration, event_id, min(told.received_at) AS received_at
        FROM current_event_objects AS told
        WHERE event_type IN {event_types:Array(String)} AND (object_type, object_id) IN (SELECT read_type, read_id FROM spot)
        GROUP BY object_type, object_id, event_type, occurred_at, integration, event_id
    ),
    -- What was told of the documents of an object, and where its conditions look (`is_here`): each event, with the documents that it
    -- names. A `matter` is a handoff, and so a type of object, with a kind of document.
    told AS
    (
        SELECT turn.matter AS matter, place.object_id AS object_id, happened.occurred_at AS at, turn.role AS role,
            happened.integration AS integration, happened.event_id AS event_id, min(happened.received_at) AS received_at,
            arrayDistinct(groupArrayIf(spot.read_id, spot.read_type = turn.kind)) AS documents,
            max(turn.counts AND spot.read_type = spot.of_type AND spot.read_id = spot.of_id) AS is_here
        FROM place
        INNER JOIN turn ON turn.matter = place.matter AND turn.through = place.through AND turn.of_type = place.of_type
        INNER JOIN spot ON spot.through = place.through AND spot.of_type = place.of_type AND spot.by_id = place.by_id
        INNER JOIN happened ON happened.object_type = spot.read_type AND happened.object_id = spot.read_id
            AND happened.event_type = turn.event_type
        WHERE spot.read_type = turn.kind OR (turn.counts AND spot.read_type = spot.of_type AND spot.read_id = spot.of_id)
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
SELECT DISTINCT {revision:UInt64}, named.handoff, named.object_type, arrayJoin(alike.objects), at, role, reversal, received_at, false
FROM weighed
INNER JOIN (SELECT DISTINCT matter, handoff, object_type FROM turn) AS named ON named.matter = weighed.matter
INNER JOIN (SELECT matter, object_id, objects FROM {run_alike:Identifier} WHERE revision = {revision:UInt64}) AS alike
    ON alike.matter = weighed.matter AND alike.object_id = weighed.object_id
WHERE is_asked AND something_stands_until <= at
