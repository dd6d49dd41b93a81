-- Grain: one telling of the end of a cycle of a handoff of an object of this run (`ended_at`, `ended_received_at`), or an open
-- cycle, where a pause, a resumption or a reversal is told of the two: of objects that have none, write_handoffs finds the same.
-- Tellings of one cycle differ in nothing else; the earliest `ended_at` is its end. Caller: correlator.handoffs.
-- Signals in order of (time, role, event id). Roles: 0 start, 1 stop, 2 cancel, 3 pause, 4 resume; a reversal 5 where the
-- promise counts from its first start, 6 where its clock goes on, 7 where it starts anew. A reversal undoes a stop, never a
-- cancellation, nor a stop that a cancellation followed. Of each run of openings (0, 5, 6, 7), of endings (1, 2), of pauses or of
-- resumptions the first counts. A pause told before an opening, and after the ending before it, holds from the opening on; an
-- ending ends every pause. What a start finds ended already (an ending without an event id, correlator/sql/insert_held_over.sql) is no instance.
INSERT INTO {run_cycles:Identifier}
    (revision, handoff, object_type, object_id, cycle, opened_at, opened_by, opened_received_at, ended_at, ended_as, ended_by,
     ended_received_at, first_opened_at, pauses, stopped)
WITH
    toDateTime64(0, 6, 'UTC') AS epoch,
    []::Array(Tuple(DateTime64(6, 'UTC'), DateTime64(6, 'UTC'))) AS untold,
-- include: correlator/handoff_signals
    heard AS
    (
        SELECT handoff, object_type, object_id,
            arraySort(groupUniqArray((occurred_at, role, event_id, received_at))) AS ordered,
            arrayFilter(s -> s.2 NOT IN (3, 4), ordered) AS turns
        FROM told
        WHERE (handoff, object_type, object_id) IN (SELECT handoff, object_type, object_id FROM told WHERE role >= 3)
        GROUP BY handoff, object_type, object_id
    ),
    -- From each start on, reversals count until a cancellation, be it after the stop.
    alive AS
    (
        SELECT handoff, object_type, object_id, ordered,
            arrayFlatten(arrayMap(
                life -> arrayFilter((s, place) -> s.2 < 5 OR ((life.1[1]).2 = 0 AND (life.2 = 0 OR place < life.2)),
                                    life.1, arrayEnumerate(life.1)),
                arrayMap(life -> (life, arrayFirstIndex(s -> s.2 = 2, life)), arraySplit(s -> s.2 = 0, turns)))) AS effective
        FROM heard
    ),
    -- Openings and endings in turns, and pauses and resumptions where they stand, cut after each ending: a cycle each.
    cut AS
    (
        SELECT handoff, object_type, object_id,
            -- Of what is told repeatedly the first counts, with each telling of its role: (when it happened, when it was received).
            arraySplit((s, earlier) -> (s.2 IN (1, 2)) != (earlier.2 IN (1, 2)),
                effective, arraySlice(arrayPushFront(effective, (epoch, 1::UInt8, '', epoch)), 1, length(effective))) AS repeated,
            arrayMap(run -> run[1], repeated) AS heads,
            arrayMap(
                (run, head) -> (head.1, head.2, head.3, arrayMap(s -> (s.1, s.4), arrayFilter(s -> s.2 = head.2, run))),
                repeated, heads) AS known,
            if((heads[1]).2 IN (1, 2), arrayPopFront(known), known) AS pairs,
            arraySort(arrayConcat(pairs, arrayMap(s -> (s.1, s.2, s.3, untold), arrayFilter(s -> s.2 IN (3, 4), ordered)))) AS kept,
            arrayFilter(
                cycle -> arrayExists(s -> s.2 NOT BETWEEN 1 AND 4, cycle),
                arraySplit((s, earlier) -> earlier.2 IN (1, 2), kept,
                    arraySlice(arrayPushFront(kept, (epoch, 0::UInt8, '', untold)), 1, length(kept))))
                AS pieces
        FROM alive
    ),
    -- Each cycle: opening, ending, and its pauses and resumptions in turns; then its pauses as (since, until).
    turned AS
    (
        SELECT handoff, object_type, object_id,
            arrayMap(
                piece -> (
                    arrayFirst(s -> s.2 NOT BETWEEN 1 AND 4, piece),
                    if((piece[-1]).2 IN (1, 2), piece[-1], (epoch, 0::UInt8, '', untold)),
                    arrayFilter(s -> s.2 IN (3, 4), piece)),
                pieces) AS spelled,
            arrayMap(
                c -> (c.1, c.2, arrayFilter(
                    (s, earlier) -> s.2 != earlier.2, c.3, arraySlice(arrayPushFront(c.3, (epoch, 4::UInt8, '', untold)), 1, length(c.3)))),
                spelled) AS toggled,
            arrayMap(
                c -> (c.1, c.2, arrayFilter(
                    pause -> pause.1 < pause.2,
                    arrayMap(
                        (on, off) -> (
                            greatest(toUnixTimestamp64Micro(on.1), toUnixTimestamp64Micro(c.1.1)),
                            multiIf(off.2 = 4, toUnixTimestamp64Micro(off.1), c.2.2 != 0, toUnixTimestamp64Micro(c.2.1),
                                    4000000000000000000)),
                        arrayFilter(s -> s.2 = 3, c.3),
                        arrayResize(arrayFilter(s -> s.2 = 4, c.3), length(arrayFilter(s -> s.2 = 3, c.3)))))),
                toggled) AS paused
        FROM cut
    )
-- Cycles that continue one another share a clock: what `resume` left out between them stopped it too.
SELECT {revision:UInt64}, {keys:Array(String)}[handoff], object_type, object_id, cycle,
    row.1.1, row.1.3, arrayMin(row.1.4.2), telling.1, row.2.2, row.2.3, telling.2, row.4, row.3, row.5
FROM
(
    SELECT handoff, object_type, object_id,
        arrayFilter(c -> c.2.2 = 0 OR c.2.3 != '', arrayFlatten(arrayMap(
            chain -> arrayMap(
                (c, place) -> (c.1, c.2, c.3, (chain[1]).1.1, arrayFlatten(arrayMap(
                    (link, earlier) -> arrayConcat(
                        if(link.1.2 = 6,
                           [(toUnixTimestamp64Micro(earlier.2.1), toUnixTimestamp64Micro(link.1.1))],
                           []::Array(Tuple(Int64, Int64))),
                        link.3),
                    arraySlice(chain, 1, place),
                    arraySlice(arrayPushFront(chain, chain[1]), 1, place)))),
                chain, arrayEnumerate(chain)),
            arraySplit(c -> c.1.2 IN (0, 7), paused)))) AS rows
    FROM turned
)
ARRAY JOIN rows AS row, arrayEnumerate(rows) AS cycle
ARRAY JOIN if(row.2.2 = 0, [(epoch, epoch)], row.2.4) AS telling
