-- Grain: one span that worked on an object of the journey, under any of its ids, up to {as_of}; shown on the id that it named.
-- Caller: correlator.journeys.Journeys.journey.
WITH member AS
(
    SELECT object_type, object_id FROM journey_members FINAL
    WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
)
SELECT integration, service, name, started_at, duration_ns, status_code, status_message,
    lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, min((object_type, object_id)) AS object
FROM span_objects
WHERE (object_type, object_id) IN
    (
        SELECT object_type, object_id FROM member
        UNION ALL
        SELECT object_type, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN member
    )
  AND started_at <= {as_of:DateTime64(6, 'UTC')}
GROUP BY integration, service, name, started_at, duration_ns, status_code, status_message, trace_id, span_id
ORDER BY started_at DESC, trace, span
LIMIT {limit:UInt64}
