-- Grain: one row: how many events and spans are stored, each counted once. Caller: stallwatch.demo.
SELECT
    (SELECT uniqExact(integration, event_id) FROM events) AS events,
    (SELECT uniqExact(trace_id, span_id) FROM spans) AS spans
