-- Grain: one object that something stalled hangs on, with the newest span of each integration on it, under any of its ids, as `spans`
-- (integration, when, service, message, trace, span, status). Caller: correlator.reasoning.
INSERT INTO stalled_traced (object_type, object_id, spans)
SELECT object_type, object_id,
    groupArray((integration, newest.1, newest.2, newest.3, newest.4, newest.5, newest.6)) AS spans
FROM
(
    SELECT named.object_type AS object_type, named.object_id AS object_id, s.integration::String AS integration,
        -- Spans of one instant in the order of their ids, and one span told twice in that of what it says.
        argMax((s.started_at, s.service::String, s.status_message, lower(hex(s.trace_id)), lower(hex(s.span_id)), s.status_code),
            (s.started_at, s.trace_id, s.span_id, s.status_code, s.status_message, s.service)) AS newest
    FROM
    (
        SELECT * FROM named_span_objects
        WHERE started_at <= {as_of:DateTime64(6, 'UTC')} AND (object_type, object_id) IN (SELECT object_type, sent_id FROM stalled_named)
    ) AS s
    INNER JOIN stalled_named AS named ON named.object_type = s.object_type AND named.sent_id = s.object_id
    GROUP BY object_type, object_id, integration
)
GROUP BY object_type, object_id
