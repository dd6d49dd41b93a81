-- Grain: one row: versions of events that do not hold. Caller: correlator.tick.Correlator, to see whether more were found.
SELECT uniqExact(integration, event_id, content_hash) AS versions FROM superseded_events
