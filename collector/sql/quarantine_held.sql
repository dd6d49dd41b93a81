    -- Grain: CTEs: one quarantined record with where it stands. `copies`: equal records of its request. What a replay was
    -- refused for stands under a request id of the replay, and is told as the newest reason of the record itself.
    -- The content stays unread: quarantine_contents tells it of the few that are shown.
    -- Caller: included by what reads the quarantine record by record.
    standings AS
    (
        SELECT
            record_id,
            if(countIf(status = 'replayed') > 0, 'replayed', argMax(quarantine_changes.status, (changed_at, replay_id))) AS standing,
            argMaxIf(quarantine_changes.reason, (changed_at, replay_id), status = 'refused') AS newest_reason,
            argMaxIf(quarantine_changes.detail, (changed_at, replay_id), status = 'refused') AS newest_detail
        FROM quarantine_changes
        WHERE status IN ('replayed', 'refused', 'dismissed')
        GROUP BY record_id
    ),
    kept AS
    (
        SELECT
            record_id,
            min(q.quarantined_at) AS received_at,
            argMin(q.integration, q.quarantined_at)::String AS integration,
            argMin(q.signal, q.quarantined_at)::String AS signal,
            argMin(q.reason, q.quarantined_at)::String AS first_reason,
            argMin(q.detail, q.quarantined_at) AS first_detail,
            any(q.request_id) AS request_id,
            any(q.replayable) AS replayable,
            intDiv(count(), uniqExact(q.quarantined_at)) AS copies
        FROM quarantine AS q
        WHERE NOT (startsWith(q.request_id, 'replay:') AND q.signal != 'events')
          AND (empty({ids:Array(String)}) OR q.record_id IN {ids:Array(String)})
          AND (empty({integration:Array(String)}) OR q.integration IN {integration:Array(String)})
          AND (empty({signal:Array(String)}) OR q.signal IN {signal:Array(String)})
          AND q.quarantined_at >= {received_from:DateTime64(6, 'UTC')}
          AND q.quarantined_at < {received_before:DateTime64(6, 'UTC')}
        GROUP BY record_id
    ),
    held AS
    (
        SELECT
            kept.record_id AS record_id, received_at, integration, signal, first_reason, request_id, copies, replayable,
            if(standing = '', 'open', standing) AS status,
            if(newest_reason = '', first_reason, newest_reason)::String AS reason,
            if(newest_reason = '', first_detail, newest_detail) AS detail
        FROM kept
        LEFT JOIN standings ON kept.record_id = standings.record_id
    )
