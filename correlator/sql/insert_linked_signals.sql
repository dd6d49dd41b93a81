-- Grain: one signal that an event on linked objects gives a handoff of an object of this run, of one slice.
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
          AND (object_type, object_id) IN (SELECT of_type, of_id FROM beside UNION ALL SELECT of_type, of_id FROM beyond)
        GROUP BY object_type, object_id, event_type
    ),
    -- Through what each such object is seen.
    seen_through AS
    (
        SELECT of_type, of_id, groupArray((object_type::String, object_id)) AS ways FROM beyond GROUP BY of_type, of_id
    ),
    -- What is seen at an object (`through` is empty), and through one: by how many objects, the last of the times at which they
    -- had it first, and since when that was known of all of them.
    seen AS
    (
        SELECT way.1 AS through, way.2 AS by_id, happened.object_type AS of_type, happened.event_type AS event_type,
            groupUniqArrayArray(happened.told) AS told, count() AS objects,
            max(arraySort(happened.told)[1]) AS last_first, max(arrayMin(happened.told.3)) AS known_of_all
        FROM happened
        LEFT JOIN seen_through ON seen_through.of_type = happened.object_type AND seen_through.of_id = happened.object_id
        ARRAY JOIN arrayPushFront(seen_through.ways, ('', happened.object_id)) AS way
        GROUP BY through, by_id, of_type, event_type
    ),
    -- How many there are to be seen through one.
    further AS
    (
        SELECT object_type, object_id, of_type, count() AS objects FROM beyond GROUP BY object_type, object_id, of_type
    )
SELECT {revision:UInt64}, handoff, object_type, object_id, signal.1, role, signal.2, signal.3, holds_over
FROM
(
    SELECT any(condition.handoff) AS handoff, condition.place AS place, linked.object_type AS object_type,
        linked.object_id AS object_id, any(condition.role) AS role, any(condition.holds_over) AS holds_over,
        arraySort(groupUniqArrayArray(seen.told)) AS told,
        multiIf(
            any(condition.match) = 'any', told,
            empty(told), [],
            any(condition.match) = 'first', [((told[1]).1, (told[1]).2, arrayMin(told.3))],
            -- Of what came twice the first reception counts.
            any(condition.match) = 'last',
            arraySlice(arrayReverseSort(s -> (s.1, s.2, -toUnixTimestamp64Micro(s.3)), told), 1, 1),
            countIf(seen.objects < if(condition.through = '', 1, further.objects)) = 0,
            [(max(seen.last_first).1, max(seen.last_first).2, max(seen.known_of_all))],
            []) AS signals
    FROM beside AS linked
    INNER JOIN condition ON condition.object_type = linked.object_type AND condition.by_type = linked.of_type
    ANY LEFT JOIN seen
        ON cityHash64(seen.through, seen.by_id, seen.of_type, seen.event_type)
            = cityHash64(condition.through, linked.of_id, condition.of_type, condition.event_type)
        AND xxh3(seen.through, seen.by_id, seen.of_type, seen.event_type)
            = xxh3(condition.through, linked.of_id, condition.of_type, condition.event_type)
    ANY LEFT JOIN further
        ON further.object_type = condition.through AND further.object_id = linked.of_id AND further.of_type = condition.of_type
    -- That something did not happen counts for `all` alone.
    WHERE condition.match = 'all' OR notEmpty(seen.told)
    GROUP BY place, object_type, object_id
)
ARRAY JOIN signals AS signal
