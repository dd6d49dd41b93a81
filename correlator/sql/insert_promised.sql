-- Grain: one readable statement of when a handoff of an object of this run is due, told of the object itself or of others and
-- naming it. ISO 8601. What cannot be read says nothing, and is a finding (findings_unread_promise).
-- Caller: correlator.handoffs, for models with handoffs that are due from an attribute.
INSERT INTO {run_promised:Identifier}
    (revision, handoff, object_type, object_id, zone, is_own, told_at, event_id, integration, text, day, is_date)
WITH
    wanted AS
    (
        SELECT p.1 AS handoff, p.2 AS object_type, p.3 AS attribute, p.4 AS zone
        FROM (SELECT arrayJoin({promises:Array(Tuple(String, String, String, String))}) AS p)
    ),
    in_run AS
    (
        SELECT object_type, object_id FROM {run_objects:Identifier} WHERE revision = {revision:UInt64} AND object_type IN {types:Array(String)}
    ),
    -- By the ids as they were sent.
    told AS
    (
        SELECT arrayJoin(objects) AS touched, touched = (subject_type, subject_id) AS is_own, occurred_at AS told_at,
            event_id, integration, attributes_string
        FROM current_events
        WHERE hasAny(mapKeys(attributes_string), {attributes:Array(String)})
          AND ({whole:Bool} OR (integration, type, occurred_at, event_id) IN
              (SELECT integration, event_type, occurred_at, event_id FROM {run_events:Identifier}
               WHERE revision IN (0, {revision:UInt64}) AND object_type IN {types:Array(String)}))
        UNION ALL
        SELECT (object_type, object_id), true, described_at, event_id, integration, attributes_string
        FROM named_descriptions
        WHERE hasAny(mapKeys(attributes_string), {attributes:Array(String)})
          AND ({whole:Bool} OR (object_type, object_id) IN in_run OR (object_type, object_id) IN
              (SELECT object_type, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN in_run))
    ),
    spelled AS
    (
        SELECT wanted.handoff AS handoff, told.touched.1 AS object_type, wanted.zone AS zone,
            if(identity.object_id = '', told.touched.2, identity.object_id) AS object_id,
            told.is_own AS is_own, told.told_at AS told_at, told.event_id AS event_id, told.integration AS integration,
            trimBoth(told.attributes_string[wanted.attribute]) AS text
        FROM told
        INNER JOIN wanted ON wanted.object_type = told.touched.1
        LEFT JOIN
        (
            SELECT object_type, alias_id, object_id FROM identities FINAL WHERE object_type IN {types:Array(String)}
        ) AS identity ON identity.object_type = told.touched.1 AND identity.alias_id = told.touched.2
        WHERE text != '' AND (object_type, object_id) IN in_run
          AND (told.is_own OR (told.touched.1, told.touched.2, told.integration, told.event_id) NOT IN
              (SELECT object_type, object_id, integration, event_id FROM withdrawn_namings FINAL))
    )
SELECT {revision:UInt64}, handoff, object_type, object_id, zone, is_own, told_at, event_id, integration, text,
    toDate32OrZero(left(text, 10)) AS day, length(text) = 10 AS is_date
FROM spelled
WHERE
-- include: correlator/promise_is_readable
