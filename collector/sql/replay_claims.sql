    -- Grain: CTEs: one record that replay {replay} has in hand and that has no outcome yet; its new request id names it.
    -- Caller: included by the steps of a replay.
    ended AS (SELECT record_id FROM quarantine_changes WHERE replay_id = {replay:String} AND status != 'begun'),
    claims AS
    (
        SELECT record_id, any(c.quarantined_at) AS quarantined_at, any(c.correction) AS correction, any(c.changed_by) AS changed_by,
            concat('replay:', {replay:String}, ':', record_id) AS replay_request
        FROM quarantine_changes AS c
        WHERE replay_id = {replay:String} AND status = 'begun' AND record_id NOT IN (SELECT record_id FROM ended)
        GROUP BY record_id
    )
