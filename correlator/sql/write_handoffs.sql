-- Grain: one handoff instance of an object of this run and slice: one cycle of a handoff, where nothing told of the two stops its
-- clock or reopens it. Caller: correlator.handoffs.
-- Signals in order of (time, role: start < stop < cancel, event id); a start while open and an end while closed say
-- nothing new, so of each run of equal signals the first counts: starts and ends then alternate and pair up. What a start
-- finds ended already (an ending without an event id, correlator/sql/insert_held_over.sql) is no instance.
INSERT INTO {handoffs:Identifier}
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, first_opened_at,
     opened_received_at, closed_at, closed_by, cancelled_at, ended_received_at, due_at, facility, supplier, department, spend_category,
     criticality, flow_type, amount, currency, revision, is_gone)
WITH
    (0::UInt16, toDateTime64(0, 6, 'UTC'), 1::UInt8, '', toDateTime64(0, 6, 'UTC')) AS no_end,
-- include: correlator/handoff_definitions
-- include: correlator/handoff_signals
    -- Of each object the signals of all its handoffs at once, a handoff after the other. In the order of objects, as places lie and
    -- handoffs are stored: finding and sorting their cycles in disorder costs more than sorting objects. Step by step: an expression
    -- that names another of its step is resolved anew wherever it stands, which would cost a tick more than its work.
    gathered AS
    (
        SELECT object_type, object_id,
            arraySort(groupArray((handoff, occurred_at, role, event_id, received_at))) AS everything,
            -- Whose clock may stand still, or what is reopened, is left to insert_interruptible_cycles.
            arrayFilter(other -> other.3 >= 3, everything).1 AS others,
            if(empty(others), everything, arrayFilter(s -> NOT has(others, s.1), everything)) AS ordered
        FROM told
        GROUP BY object_type, object_id
        ORDER BY object_type, object_id
    ),
    preceded AS
    (
        SELECT object_type, object_id, ordered, arraySlice(arrayPushFront(ordered, no_end), 1, length(ordered)) AS before FROM gathered
    ),
    counted AS
    (
        SELECT object_type, object_id, ordered, before,
            arrayFilter((this, earlier) -> (this.3 = 0) != (this.1 = earlier.1 AND earlier.3 = 0), ordered, before) AS firsts
        FROM preceded
    ),
    -- What is told repeatedly was known since the first of its role was received: of the few objects that have such.
    split AS
    (
        SELECT object_type, object_id, firsts,
            if(length(firsts) = length(ordered), [],
               arraySplit((this, earlier) -> this.1 != earlier.1 OR (this.3 = 0) != (earlier.3 = 0), ordered, before)) AS repeated
        FROM counted
    ),
    headed AS
    (
        SELECT object_type, object_id, firsts, repeated, arrayMap(run -> run[1], repeated) AS heads FROM split
    ),
    received AS
    (
        SELECT object_type, object_id, firsts, repeated, heads,
            arrayMap(
                (run, head) -> (head.1, head.2, head.3, head.4, arrayMin(arrayMap(s -> if(s.3 = head.3, s.5, head.5), run))),
                repeated, heads) AS known
        FROM headed
    ),
    paired AS
    (
        SELECT object_type, object_id, repeated, heads,
            if(empty(repeated), firsts,
               arrayFilter((this, earlier) -> (this.3 = 0) != (this.1 = earlier.1 AND earlier.3 = 0), known,
                   arraySlice(arrayPushFront(known, no_end), 1, length(known)))) AS pairs
        FROM received
    ),
    heard AS
    (
        SELECT object_type, object_id, pairs,
            arrayPopFront(arrayPushBack(pairs, (0::UInt16, no_end.2, 0::UInt8, '', no_end.5))) AS nexts,
            -- Each telling of each turn: (handoff, when, role, tellings), as correlator/ended_told reads tellings.
            arrayMap(
                (run, head) -> (head.1, head.2, head.3, arrayMap(s -> (s.2, s.5), arrayFilter(s -> s.3 = head.3, run))),
                repeated, heads) AS retold
        FROM paired
    ),
-- include: correlator/handoff_places
    -- An object finds its place before its cycles are spelled out.
    located AS
    (
        SELECT heard.object_type AS object_type, heard.object_id AS object_id, heard.pairs AS pairs, heard.nexts AS nexts,
            heard.retold AS retold, place.*
        FROM heard
        SEMI LEFT JOIN place
            ON place.object_city = cityHash64(heard.object_type, heard.object_id)
            AND place.object_xx = xxh3(heard.object_type, heard.object_id)
    ),
    cycles AS
    (
        SELECT * EXCEPT (pairs, nexts, retold, opens, follows), opens.1 AS handoff, opens.2 AS opened_at, opens.4 AS opened_by,
            if(follows.1 = handoff, follows.2, toDateTime64(0, 6, 'UTC')) AS ended_at,
            if(follows.1 = handoff, follows.3, 0) AS ended_as,
            if(follows.1 = handoff, follows.4, '') AS ended_by,
            opens.5 AS opened_received_at,
            if(follows.1 = handoff, follows.5, toDateTime64(0, 6, 'UTC')) AS ended_received_at,
            arrayFirst(turn -> turn.1 = handoff AND turn.2 = ended_at AND turn.3 = ended_as, retold).4 AS tellings,
            opened_at AS first_opened_at,
            []::Array(Tuple(Int64, Int64)) AS pauses,
            []::Array(Tuple(Int64, Int64)) AS stopped
        FROM
        (
            SELECT *, opens, follows, cycle
            FROM located
            ARRAY JOIN pairs AS opens, nexts AS follows,
                arrayEnumerateUniq(pairs.1, arrayMap(
                    (this, next) -> multiIf(this.3 != 0, 0, next.3 = 1 AND next.4 = '', 1, 2), pairs, nexts)) AS cycle
        )
        WHERE opens.3 = 0 AND NOT (ended_as = 1 AND ended_by = '')
    ),
-- include: correlator/handoff_instances
-- include: core/due_at
SELECT {model:String}, {keys:Array(String)}[instance.1], instance.2, instance.3, instance.4, instance.12, instance.13, instance.14,
    instance.5, instance.6, instance.7, instance.23,
    if(instance.9 = 1, instance.8, NULL), if(instance.9 = 1, instance.10, ''), if(instance.9 = 2, instance.8, NULL),
-- include: correlator/ended_told
    due_at,
    instance.15, instance.16, instance.17, instance.18, instance.19, instance.20, instance.21, instance.22,
    {revision:UInt64}, 0
FROM reckoned
