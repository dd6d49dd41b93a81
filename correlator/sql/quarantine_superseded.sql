-- Grain: one version of an event that does not hold, noticed since the model's newest rebuild and not in quarantine yet, as a
-- record there. Caller: correlator.conflicts, after insert_superseded, be it that of a run which died right after it.
INSERT INTO quarantine (quarantined_at, integration, signal, reason, detail, record, request_id)
WITH
    (
        SELECT if(countIf(model = {model:String}) > 0, maxIf(watermark, model = {model:String}), max(watermark))
        FROM switch_overs WHERE is_done
    ) AS rebuilt_at,
    noticed AS
    (
        SELECT integration, event_id, content_hash, noticed_at
        FROM superseded_events FINAL
        WHERE noticed_at > rebuilt_at
          AND (integration, event_id, noticed_at) NOT IN
              (
                  SELECT integration, detail, quarantined_at FROM quarantine
                  WHERE reason = 'conflicting_event' AND quarantined_at > rebuilt_at
              )
    )
SELECT noticed.noticed_at, version.integration, 'events', 'conflicting_event', version.event_id,
    toJSONString(tuple(version.event_id, version.type, version.occurred_at, version.objects, version.facility, version.amount,
        version.currency)::Tuple(
        event_id String, type String, occurred_at DateTime64(6, 'UTC'), objects Array(Tuple(type String, id String)),
        facility String, amount Nullable(Decimal(18, 4)), currency String)),
    version.request_id
FROM (SELECT * FROM events WHERE (integration, event_id, content_hash) IN (SELECT integration, event_id, content_hash FROM noticed)) AS version
INNER JOIN noticed ON noticed.integration = version.integration AND noticed.event_id = version.event_id
    AND noticed.content_hash = version.content_hash
ORDER BY version.integration, version.event_id, version.content_hash
LIMIT 1 BY version.integration, version.event_id, version.content_hash
