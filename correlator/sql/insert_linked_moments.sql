-- Grain: one signal that events on linked objects give a handoff of an object of this run, of one slice, by conditions that count one moment.
-- By `match`: `first`, `last`: the earliest, the latest of them; `all`: when the last of the linked objects has had it for the first time, and
-- nothing while one lacks it. `received_at`: when that was known: of `first` with the first of them that came, of `all` once something had come
-- of each. Caller: correlator.signals, after insert_linked. A linked object may be in no journey of this run: its events are read nevertheless.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, received_at, holds_over)
WITH
-- include: correlator/linked_events
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
