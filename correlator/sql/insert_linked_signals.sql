-- Grain: one signal that an event on linked objects gives a handoff of an object of this run, of one slice, by conditions that count each
-- such event on any of these. Conditions of one `place` are one: an event that several of them look at is one signal.
-- Caller: correlator.signals, after insert_linked. A linked object may be in no journey of this run: its events are read nevertheless.
INSERT INTO {run_signals:Identifier} (revision, handoff, object_type, object_id, occurred_at, role, event_id, received_at, holds_over)
WITH
-- include: correlator/linked_events
    -- What is heard at an object, or through it.
    heard AS
    (
        SELECT condition.place AS place, condition.object_type AS on_type, by.1 AS by_type, by.2 AS by_id, any(condition.handoff) AS handoff,
            any(condition.role) AS role, any(condition.holds_over) AS holds_over, groupUniqArrayArray(happened.told) AS told
        FROM happened
        INNER JOIN condition ON condition.of_type = happened.object_type AND condition.event_type = happened.event_type
        LEFT JOIN seen_through ON seen_through.of_type = happened.object_type AND seen_through.of_id = happened.object_id
        ARRAY JOIN if(condition.through = '', [(happened.object_type::String, happened.object_id)],
            arrayFilter(way -> way.1 = condition.through, seen_through.ways)) AS by
        GROUP BY place, on_type, by_type, by_id
    )
SELECT {revision:UInt64}, handoff, object_type, object_id, signal.1, role, signal.2, signal.3, holds_over
FROM
(
    SELECT heard.place AS place, beside.object_type AS object_type, beside.object_id AS object_id, any(heard.handoff) AS handoff,
        any(heard.role) AS role, any(heard.holds_over) AS holds_over, groupUniqArrayArray(heard.told) AS signals
    FROM beside
    INNER JOIN heard ON heard.on_type = beside.object_type AND heard.by_type = beside.of_type AND heard.by_id = beside.of_id
    GROUP BY place, object_type, object_id
)
ARRAY JOIN signals AS signal
