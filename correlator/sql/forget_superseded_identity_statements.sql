-- Grain: a pair of ids of which the statements say more than what holds does, because a version of an event that does not hold
-- was noted: a maximum cannot be taken back by another, so all that was said of the pair is, and is noted anew. Nowhere else is
-- anything taken back, so that a rebuild which dies right after it leaves no pair without its statements but those of versions
-- which its model has not followed: these the next run follows, by a rebuild. Caller: correlator.identity, in a rebuild.
DELETE FROM identity_statements
WHERE (object_type, object_id, other_id) GLOBAL IN
(
    SELECT object_type, object_id, other_id
    FROM
    (
        SELECT subject_type AS object_type, ends.1 AS object_id, ends.2 AS other_id, NOT holds AS is_contested,
            if(holds AND states, occurred_at, toDateTime64(0, 6, 'UTC')) AS stated,
            if(holds AND NOT states, occurred_at, toDateTime64(0, 6, 'UTC')) AS withdrawn,
            toDateTime64(0, 6, 'UTC') AS stated_at, toDateTime64(0, 6, 'UTC') AS withdrawn_at
        FROM
        (
            SELECT type = 'object.same_as' AS states, occurred_at, subject_type, subject_id, arrayJoin(objects) AS other,
                (integration, event_id, content_hash) GLOBAL NOT IN
                    (SELECT integration, event_id, content_hash FROM {database:Identifier}.superseded_events) AS holds
            FROM {database:Identifier}.events
            WHERE type IN ('object.same_as', 'link.withdrawn')
        )
        ARRAY JOIN [(subject_id, other.2), (other.2, subject_id)] AS ends
        WHERE other.1 = subject_type
        UNION ALL
        SELECT object_type, object_id, other_id, false, toDateTime64(0, 6, 'UTC'), toDateTime64(0, 6, 'UTC'), stated_at, withdrawn_at
        FROM {database:Identifier}.identity_statements
    )
    GROUP BY object_type, object_id, other_id
    HAVING max(is_contested) AND (max(stated_at) > max(stated) OR max(withdrawn_at) > max(withdrawn))
)
