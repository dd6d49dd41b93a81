-- Grain: one signal that an event on linked objects gives a handoff of an object of this run.
-- Of a condition, by its `match`: `any`: every such event on any linked object; `first`, `last`: the earliest, the latest of
-- them; `all`: when the last of the linked objects has had it for the first time, and nothing while one lacks it.
-- `received_at`: when that was known: of `first` with the first of them that came, of `all` once something had come of each.
-- Conditions of one `place` are one: an event that several of them look at is one signal.
-- Caller: correlator.signals, after insert_linked. A linked object may be in no journey of this run: its events are read nevertheless.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, received_at, holds_over)
WITH
    condition AS
    (
        SELECT c.1 AS handoff, c.2 AS place, c.3 AS object_type, c.4 AS through, c.5 AS of_type, c.6 AS event_type, c.7 AS role,
            c.8 AS match, c.9 AS holds_over
        FROM (SELECT arrayJoin({conditions:Array(Tuple(String, UInt16, String, String, String, String, UInt8, String, Bool))}) AS c)
    ),
    linked AS
    (
        SELECT object_type, object_id, through, of_type, of_id FROM {run_linked:Identifier} WHERE revision = {revision:UInt64}
    ),
    happened AS
    (
        SELECT object_type, object_id, event_type, groupUniqArray((occurred_at, event_id, received_at)) AS told
        FROM current_event_objects
        WHERE event_type IN {event_types:Array(String)} AND object_type IN {of_types:Array(String)}
          AND ({whole:Bool} OR (object_type, object_id) IN (SELECT of_type, of_id FROM linked))
        GROUP BY object_type, object_id, event_type
    )
SELECT {revision:UInt64}, handoff, object_type, object_id, signal.1, role, signal.2, signal.3, holds_over
FROM
(
    SELECT any(condition.handoff) AS handoff, condition.place AS place, linked.object_type AS object_type,
        linked.object_id AS object_id, any(condition.role) AS role, any(condition.holds_over) AS holds_over,
        arraySort(groupUniqArrayArray(happened.told)) AS told,
        multiIf(
            any(condition.match) = 'any', told,
            any(condition.match) = 'first', [((told[1]).1, (told[1]).2, arrayMin(told.3))],
            -- Of what came twice the first reception counts.
            any(condition.match) = 'last',
            arraySlice(arrayReverseSort(s -> (s.1, s.2, -toUnixTimestamp64Micro(s.3)), told), 1, 1),
            countIf(empty(happened.told)) = 0,
            [(max(arraySort(happened.told)[1]).1, max(arraySort(happened.told)[1]).2, max(arrayMin(happened.told.3)))],
            []) AS signals
    FROM linked
    INNER JOIN condition ON condition.object_type = linked.object_type AND condition.through = linked.through
        AND condition.of_type = linked.of_type
    ANY LEFT JOIN happened
        ON cityHash64(happened.object_type, happened.object_id, happened.event_type)
            = cityHash64(linked.of_type, linked.of_id, condition.event_type)
        AND xxh3(happened.object_type, happened.object_id, happened.event_type)
            = xxh3(linked.of_type, linked.of_id, condition.event_type)
    -- That something did not happen counts for `all` alone.
    WHERE condition.match = 'all' OR notEmpty(happened.told)
    GROUP BY place, object_type, object_id
)
ARRAY JOIN signals AS signal
