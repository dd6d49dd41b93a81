    -- Grain: one version of an event that does not hold, was noticed after {after} (and what the model's newest rebuild had read),
    -- and that is not settled; when it was stored, and up to when runs had begun to read that it can have counted for. What it is
    -- settled by, and what it can have counted for, is the model, or any where it speaks of identities or of what is withdrawn,
    -- which all of them share: a run that begins after any has settled it leaves it out.
    -- Caller: included by conflicts_to_follow and settle_superseded.
    recent AS
    (
        SELECT integration, event_id, content_hash
        FROM superseded_events
        WHERE noticed_at > {after:DateTime64(6, 'UTC')}
          AND noticed_at > (SELECT max(watermark) FROM switch_overs WHERE model = {model:String} AND is_done)
    ),
    version AS
    (
        SELECT one.integration AS integration, one.event_id AS event_id, one.content_hash AS content_hash,
            min(told.stored_at) AS stored_at,
            if(any(told.type) IN ('object.same_as', 'link.withdrawn'),
                (SELECT max(until) FROM runs_begun), (SELECT max(until) FROM runs_begun WHERE model = {model:String})) AS read_up_to
        FROM
        (
            SELECT * FROM recent
            WHERE (integration, event_id, content_hash) NOT IN
            (
                SELECT integration, event_id, content_hash FROM settled_versions
                WHERE model = {model:String} AND (integration, event_id, content_hash) IN recent
            )
        ) AS one
        LEFT JOIN
        (
            SELECT integration, event_id, content_hash, type, stored_at FROM events
            WHERE event_id IN (SELECT event_id FROM recent)
        ) AS told ON told.integration = one.integration AND told.event_id = one.event_id AND told.content_hash = one.content_hash
        GROUP BY integration, event_id, content_hash
        HAVING any(told.type) NOT IN ('object.same_as', 'link.withdrawn') OR (integration, event_id, content_hash) NOT IN
            (SELECT integration, event_id, content_hash FROM settled_versions WHERE (integration, event_id, content_hash) IN recent)
    )
