-- Grain: one version of an event that does not hold and was noticed at {until}, as a record in quarantine.
-- Caller: correlator.tick.Correlator, right after insert_superseded.
INSERT INTO quarantine (quarantined_at, integration, signal, reason, detail, record, request_id)
SELECT {until:DateTime64(6, 'UTC')}, integration, 'events', 'conflicting_event', event_id,
    toJSONString(tuple(event_id, type, occurred_at, objects, facility, amount, currency)::Tuple(
        event_id String, type String, occurred_at DateTime64(6, 'UTC'), objects Array(Tuple(type String, id String)),
        facility String, amount Nullable(Decimal(18, 4)), currency String)),
    request_id
FROM events
WHERE (integration, event_id, content_hash) IN
    (SELECT integration, event_id, content_hash FROM superseded_events WHERE noticed_at = {until:DateTime64(6, 'UTC')})
ORDER BY integration, event_id, content_hash
LIMIT 1 BY integration, event_id, content_hash
