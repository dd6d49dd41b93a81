-- Grain: one row of an event that was sent under another id of its object: all events of an id that did not stand for this
-- object before, and else those stored in the window. Caller: correlator.identity.
INSERT INTO aliased_event_objects
    (object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier, department,
     spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash, alias_id, revision, is_gone)
WITH
    own AS
    (
        SELECT object_type, alias_id, min(object_id) AS smallest
        FROM {run_identities:Identifier}
        WHERE revision = {revision:UInt64}
        GROUP BY object_type, alias_id
        HAVING smallest != alias_id
    ),
    added AS
    (
        SELECT object_type, alias_id, smallest FROM own
        WHERE {whole:Bool} OR (object_type, alias_id, smallest) NOT IN
        (
            SELECT object_type, alias_id, object_id FROM identities FINAL
            WHERE (object_type, alias_id) IN (SELECT object_type, alias_id FROM own)
        )
    )
-- An event may have named one id under two names of its type, once as its subject; of one that came twice the first reception holds.
SELECT e.object_type, own.smallest, e.event_type, e.occurred_at, e.integration, e.event_id, max(e.is_subject), e.facility, e.supplier,
    e.department, e.spend_category, e.criticality, e.flow_type, e.amount, e.currency, e.reason, min(e.received_at), e.content_hash,
    e.object_id, {revision:UInt64}, 0
FROM
(
    SELECT * FROM named_event_objects
    WHERE (object_type, object_id) IN (SELECT object_type, alias_id FROM own)
      AND ((object_type, object_id) IN (SELECT object_type, alias_id FROM added) OR (integration, event_id) IN
          (
              SELECT integration, event_id FROM named_events
              WHERE NOT {whole:Bool} AND stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
          ))
) AS e
INNER JOIN own ON own.object_type = e.object_type AND own.alias_id = e.object_id
GROUP BY ALL
