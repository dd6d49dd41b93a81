-- Grain: one event of replay {replay} that must not be stored: one of its id has become a fact meanwhile and holds, or its
-- identity was dropped in redaction and nobody says what it was. The id is made as in decoded_events_mv.
-- Caller: collector.replay.Replayer.
INSERT INTO quarantine_changes (record_id, quarantined_at, status, reason, detail, correction, replay_id, changed_at, changed_by)
WITH
-- include: collector/replay_sent_events
    ,
    identified AS
    (
        SELECT
            record_id, reason, correction, changed_by, request_id, received_at,
            multiIf(sender != '', sender, named_integration != '', named_integration, service) AS integration,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.event.id')) AS given_id,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.subject')) AS subject,
            fromUnixTimestamp64Micro(toInt64(intDiv(happened, 1000)), 'UTC') AS occurred_at,
            if(given_id != '', given_id, lower(hex(sipHash128(integration, type, subject, occurred_at)))) AS event_id
        FROM sent
    ),
    present AS
    (
        SELECT integration::String AS at, event_id AS id, groupUniqArray(events.request_id) AS requests
        FROM events WHERE event_id IN (SELECT event_id FROM identified)
        GROUP BY at, id
    )
SELECT
    record_id, received_at, 'refused', if(empty(requests), reason, 'already_stored'), if(empty(requests), '', event_id),
    correction, {replay:String}, {now:DateTime64(6, 'UTC')}, changed_by
FROM identified
LEFT JOIN present ON integration = at AND event_id = id
WHERE (notEmpty(requests) AND NOT has(requests, request_id))
   OR (reason = 'private_identity' AND NOT arrayExists(
        k -> k IN ('objects', 'stallwatch.subject', 'stallwatch.event.id'), mapKeys(correction)))
