-- Grain: what versions of events that do not hold had said of identities: a maximum cannot be taken back by another, so all
-- that was said of these pairs is, and is noted anew. Caller: correlator.identity, in a rebuild.
DELETE FROM identity_statements
WHERE (object_type, object_id, other_id) IN
(
    SELECT subject_type, ends.1, ends.2
    FROM
    (
        SELECT subject_type, subject_id, arrayJoin(objects) AS other
        FROM {database:Identifier}.events
        WHERE type IN ('object.same_as', 'link.withdrawn')
          AND (integration, event_id, content_hash) GLOBAL IN
              (SELECT integration, event_id, content_hash FROM {database:Identifier}.superseded_events)
    )
    ARRAY JOIN [(subject_id, other.2), (other.2, subject_id)] AS ends
)
