-- Grain: one cycle of a handoff of an object of this run, where nothing told of the two stops its clock or reopens it.
-- Caller: correlator.handoffs.
-- Signals in order of (time, role: start < stop < cancel, event id); a start while open and an end while closed say
-- nothing new, so of each run of equal signals the first counts: starts and ends then alternate and pair up. What a start
-- finds ended already (an ending without an event id, correlator/sql/insert_held_over.sql) is no instance.
INSERT INTO run_cycles
    (revision, handoff, object_type, object_id, cycle, opened_at, opened_by, ended_at, ended_as, ended_by, first_opened_at)
WITH
-- include: correlator/handoff_signals
    -- Of each object the signals of all its handoffs at once, a handoff after the other.
    heard AS
    (
        SELECT object_type, object_id,
            arraySort(groupArray((handoff, occurred_at, role, event_id))) AS everything,
            -- Whose clock may stand still, or what is reopened, is left to insert_interruptible_cycles.
            arrayFilter(other -> other.3 >= 3, everything).1 AS others,
            if(empty(others), everything, arrayFilter(s -> NOT has(others, s.1), everything)) AS ordered,
            arrayFilter((this, earlier) -> (this.3 = 0) != (this.1 = earlier.1 AND earlier.3 = 0), ordered,
                arraySlice(arrayPushFront(ordered, (0::UInt16, toDateTime64(0, 6, 'UTC'), 1::UInt8, '')), 1, length(ordered))) AS pairs,
            arrayPopFront(arrayPushBack(pairs, (0::UInt16, toDateTime64(0, 6, 'UTC'), 0::UInt8, ''))) AS nexts
        FROM told
        GROUP BY object_type, object_id
    )
SELECT {revision:UInt64}, {handoffs:Array(String)}[opens.1], object_type, object_id, cycle, opens.2, opens.4,
    if(follows.1 = opens.1, follows.2, toDateTime64(0, 6, 'UTC')),
    if(follows.1 = opens.1, follows.3, 0) AS ended_as,
    if(follows.1 = opens.1, follows.4, '') AS ended_by,
    opens.2
FROM heard
ARRAY JOIN pairs AS opens, nexts AS follows,
    arrayEnumerateUniq(pairs.1, arrayMap(
        (this, next) -> multiIf(this.3 != 0, 0, next.3 = 1 AND next.4 = '', 1, 2), pairs, nexts)) AS cycle
WHERE opens.3 = 0 AND NOT (ended_as = 1 AND ended_by = '')
