-- Grain: one ordered pair of ids of one type, both ways round, with when facts stored after {since} and up to {until} last
-- said that they are one object (`object.same_as`), or not (`link.withdrawn`). Caller: correlator.identity.
INSERT INTO identity_statements (object_type, object_id, other_id, stated_at, withdrawn_at)
SELECT subject_type, ends.1, ends.2, maxIf(occurred_at, type = 'object.same_as'), maxIf(occurred_at, type = 'link.withdrawn')
FROM
(
    SELECT type, occurred_at, subject_type, subject_id, arrayJoin(objects) AS other
    FROM current_statements
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
      AND type IN ('object.same_as', 'link.withdrawn')
)
ARRAY JOIN [(subject_id, other.2), (other.2, subject_id)] AS ends
WHERE other.1 = subject_type AND other.2 != subject_id
GROUP BY subject_type, ends
