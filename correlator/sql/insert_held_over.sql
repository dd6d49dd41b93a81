-- Grain: one start of a handoff, of one slice, at which what would end it had happened before, and no reversal since: as a stop at the
-- start's moment, without an event id, and so before all others; what was cancelled as a cancellation too, which no reversal undoes.
-- `signals`: of the handoffs with such conditions, what starts them, and undoes their stops. Caller: correlator.signals, after
-- insert_linked_signals and insert_reversals.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, holds_over)
WITH
    signal AS
    (
        SELECT s.1 AS handoff, s.2 AS object_type, s.3 AS event_type, s.4 AS role
        FROM (SELECT arrayJoin({signals:Array(Tuple(String, String, String, UInt8))}) AS s)
    ),
    told AS
    (
        SELECT signal.handoff AS handoff, own.object_type AS object_type, own.object_id AS object_id,
            own.occurred_at AS occurred_at, signal.role AS role, false AS holds_over
        FROM
        (
            SELECT object_type, object_id, event_type, occurred_at FROM {run_events:Identifier}
            WHERE revision IN (0, {revision:UInt64})
-- include: correlator/in_slice
        ) AS own
        INNER JOIN signal ON signal.object_type = own.object_type AND signal.event_type = own.event_type
        UNION ALL
        SELECT handoff::String, object_type, object_id, occurred_at, role, holds_over FROM {run_signals:Identifier}
        WHERE revision = {revision:UInt64} AND handoff IN {lasting:Array(String)} AND (role = 0 OR role >= 5 OR holds_over)
-- include: correlator/in_slice
    )
SELECT {revision:UInt64}, handoff, object_type, object_id, start, arrayJoin(if(before.2 = 2, [1, 2], [1])), '', false
FROM
(
    SELECT handoff, object_type, object_id,
        arraySort(groupUniqArrayIf((occurred_at, role, holds_over), role > 0)) AS standing,
        groupUniqArrayIf(occurred_at, role = 0) AS starts
    FROM told
    GROUP BY handoff, object_type, object_id
    HAVING countIf(holds_over) > 0 AND minIf(occurred_at, holds_over) < maxIf(occurred_at, role = 0)
)
ARRAY JOIN starts AS start, arrayMap(at -> arrayLast(s -> s.1 < at, standing), starts) AS before
WHERE before.3
