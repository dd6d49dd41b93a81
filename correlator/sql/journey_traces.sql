-- Grain: one trace that touched an object of the journey by {as_of}, through a span or an event: the newest {limit}, the
-- last to touch it first; with the weeks in which it has spans. Caller: correlator.timeline.
WITH
-- include: correlator/journey_objects
    ,
    touched AS
    (
        SELECT trace_id, started_at::DateTime64(6, 'UTC') AS at, true AS has_spans
        FROM named_span_objects
        WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM sent)
          AND started_at <= {as_of:DateTime64(6, 'UTC')}
        UNION ALL
        SELECT trace_id, occurred_at AS at, false AS has_spans
        FROM current_events
        WHERE trace_id != toFixedString('', 16) AND (integration, type, occurred_at, event_id) IN
            (
                SELECT integration, event_type, occurred_at, event_id FROM current_event_objects
                WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM member)
                  AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                ORDER BY occurred_at DESC
                LIMIT 1 BY integration, event_id
                LIMIT {events:UInt64}
            )
    ),
    -- An array and no set: it keeps their order.
    (
        SELECT groupArray(trace_id)
        FROM
        (
            SELECT trace_id FROM touched
            -- What an event names may have no spans: then it is no trace to show, nor one of those that count.
            WHERE has_spans OR trace_id IN
                (SELECT trace_id FROM trace_index WHERE trace_id IN (SELECT trace_id FROM touched WHERE NOT has_spans))
            GROUP BY trace_id
            ORDER BY max(at) DESC, trace_id
            LIMIT {limit:UInt64}
        )
    ) AS newest
SELECT lower(hex(trace_id)) AS trace, groupUniqArray(toMonday(trace_index.started_at)) AS weeks
FROM trace_index
WHERE trace_id IN (SELECT arrayJoin(newest))
GROUP BY trace_id
ORDER BY indexOf(newest, trace_id)
