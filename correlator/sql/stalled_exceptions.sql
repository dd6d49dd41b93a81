-- Grain: one stalled object with the first of the exceptions that were raised on it and, by {as_of}, not ended since: neither by
-- their own events nor in any way the models know. Of an exception the newest raising counts.
-- Caller: correlator.reasoning.
INSERT INTO stalled_exceptions (on_type, on_id, raised)
SELECT named.object_type, named.object_id,
    argMin((told.reason::String, told.raised_at, told.raised_by.1::String, told.raised_by.2, told.object_id),
           (told.raised_at, told.object_id))
FROM
(
    SELECT object_type, object_id, integration, event_id FROM stalled_heard
    WHERE event_type = 'exception.raised' AND (object_type, object_id) IN (SELECT object_type, object_id FROM stalled_now)
) AS named
INNER JOIN
(
    SELECT object_id, maxIf(occurred_at, event_type = 'exception.raised') AS raised_at,
        argMaxIf((integration, event_id), (occurred_at, event_id, integration), event_type = 'exception.raised') AS raised_by,
        argMaxIf(reason, (occurred_at, event_id, integration), event_type = 'exception.raised') AS reason
    FROM current_event_objects
    WHERE object_type = 'exception' AND event_type IN ('exception.raised', 'exception.resolved', 'exception.cancelled')
      AND object_id IN (SELECT object_id FROM stalled_raised)
      AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY object_id
    HAVING countIf(event_type = 'exception.raised') > 0 AND raised_at > maxIf(occurred_at, event_type != 'exception.raised')
) AS told
    ON told.raised_by.1 = named.integration AND told.raised_by.2 = named.event_id
LEFT JOIN
(
    SELECT object_id, max(coalesce(closed_at, cancelled_at)) AS ended_at
    FROM handoffs FINAL
    WHERE (model, handoff) IN {of_exceptions:Array(Tuple(String, String))} AND object_type = 'exception'
      AND object_id IN (SELECT object_id FROM stalled_raised)
      AND (closed_at <= {as_of:DateTime64(6, 'UTC')} OR cancelled_at <= {as_of:DateTime64(6, 'UTC')})
    GROUP BY object_id
) AS decided
    ON decided.object_id = told.object_id
WHERE decided.ended_at IS NULL OR decided.ended_at < told.raised_at
GROUP BY named.object_type, named.object_id
