    -- Grain: one stalled handoff instance at {as_of}, with its cause: the first that holds of silence, integration
    -- failure, exception, missing prerequisite, waiting on its owner; and with the facts that say so. As `stalls`. Only the
    -- last two steps look beyond what is stalled. With {root_type} and {root_id}: of one journey, in {root_model} or any. What all of it
    -- reads is found once (MATERIALIZED), on a single node; a second such step over it, the engine (26.9) may read too early.
    -- Caller: included by stall_page, stall_groups and stall_summary (correlator.stalls.Stalls).
    definition AS
    (
        SELECT d.1 AS model, d.2 AS handoff, d.3 AS title, d.4 AS owner, d.5 AS awaits
        FROM (SELECT arrayJoin({definitions:Array(Tuple(String, String, String, String, String))}) AS d)
    ),
    need AS
    (
        SELECT n.1 AS model, n.2 AS handoff, n.3 AS place, n.4 AS event_type, n.5 AS on_type, n.6 AS flow_types,
            n.7 AS summary, n.8 AS told_by, n.9 AS undone_by
        FROM (SELECT arrayJoin({needs:Array(Tuple(String, String, UInt16, String, String, Array(String), String, Array(String), Array(String)))}) AS n)
    ),
    overdue AS MATERIALIZED
    (
        SELECT h.*, definition.title AS title, definition.owner AS owner, definition.awaits AS awaits
        FROM
        (
            SELECT * FROM handoffs FINAL
            WHERE due_at < {as_of:DateTime64(6, 'UTC')} AND opened_at <= {as_of:DateTime64(6, 'UTC')}
              AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
              AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
              AND NOT arrayExists(
                  pause -> pause.1 <= {as_of:DateTime64(6, 'UTC')} AND (pause.2 IS NULL OR pause.2 > {as_of:DateTime64(6, 'UTC')}), pauses)
              AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
              AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
              AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
              AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
              AND (empty({criticality:Array(String)}) OR has({criticality:Array(String)}, criticality::String))
              AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff::String))
              AND ({root_id:String} = '' OR (model, object_type, object_id) IN
                  (
                      SELECT model, object_type, object_id FROM journey_members FINAL
                      WHERE root_type = {root_type:String} AND root_id = {root_id:String}
                        AND ({root_model:String} = '' OR model = {root_model:String})
                  ))
        ) AS h
        INNER JOIN definition ON definition.model = h.model AND definition.handoff = h.handoff
    ),
    overdue_object AS
    (
        SELECT DISTINCT model, handoff, object_type, object_id, flow_type FROM overdue
    ),
-- include: core/last_heard
    ,
    silent AS
    (
        SELECT i.integration AS integration, i.name AS name, last_heard.heard_at AS heard_at
        FROM
        (
            SELECT integration, name, heartbeat_seconds FROM current_integrations WHERE heartbeat_seconds > 0
        ) AS i
        INNER JOIN last_heard ON last_heard.integration = i.integration
        WHERE last_heard.heard_at < {as_of:DateTime64(6, 'UTC')} - toIntervalSecond(i.heartbeat_seconds)
    ),
    -- What each stalled object hangs on: its parents, and the roots of its journeys, however far up they are.
    above AS
    (
        SELECT model::String AS model, child_type::String AS object_type, child_id AS object_id,
            parent_type::String AS on_type, parent_id AS on_id
        FROM current_links
        WHERE (model, child_type, child_id) IN (SELECT model, object_type, object_id FROM overdue_object)
        UNION DISTINCT
        SELECT model::String, object_type::String, object_id, root_type::String, root_id
        FROM object_journeys FINAL
        WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM overdue_object)
    ),
    -- The first that each stalled instance needs and has not got as things stand at {as_of}, and the objects on which it waits
    -- for it: all that it hangs on must have it.
    unmet AS
    (
        SELECT wanted.model AS model, wanted.handoff AS handoff, wanted.object_type AS object_type,
            wanted.object_id AS object_id, wanted.event_type AS event_type, wanted.summary AS summary, any(wanted.told_by) AS told_by,
            arraySort(groupUniqArrayIf((wanted.on_type, wanted.on_id), wanted.on_id != '')) AS waits_for
        FROM
        (
            SELECT o.model AS model, o.handoff AS handoff, o.object_type AS object_type, o.object_id AS object_id,
                need.place AS place, need.event_type AS event_type, need.summary AS summary, need.told_by AS told_by, need.on_type AS on_type,
                if(need.on_type = o.object_type, o.object_id, above.on_id) AS on_id
            FROM overdue_object AS o
            INNER JOIN need ON need.model = o.model AND need.handoff = o.handoff
            LEFT JOIN above
                ON above.model = o.model AND above.object_type = o.object_type AND above.object_id = o.object_id
                   AND above.on_type = need.on_type
            WHERE empty(need.flow_types) OR has(need.flow_types, o.flow_type::String)
        ) AS wanted
        LEFT JOIN
        (
            -- What stands: of what does it and what undoes it (Stalls, from the handoffs that are reopened) the last counts, the
            -- undoing at one instant.
            SELECT step.model AS model, e.object_type AS object_type, e.object_id AS object_id, step.needed AS needed
            FROM
            (
                SELECT object_type::String AS object_type, object_id, event_type::String AS event_type, occurred_at
                FROM current_event_objects
                WHERE event_type IN (SELECT arrayJoin(arrayPushFront(undone_by, event_type)) FROM need)
                  AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
                  AND (object_type, object_id) IN
                      (
                          SELECT object_type, object_id FROM overdue_object
                          UNION ALL
                          SELECT on_type, on_id FROM above
                      )
            ) AS e
            INNER JOIN
            (
                SELECT DISTINCT model, on_type, event_type AS needed, arrayJoin(arrayPushFront(undone_by, event_type)) AS told FROM need
            ) AS step
                ON step.on_type = e.object_type AND step.told = e.event_type
            GROUP BY model, object_type, object_id, needed
            HAVING countIf(step.told = step.needed) > 0
               AND maxIf(e.occurred_at, step.told = step.needed) > maxIf(e.occurred_at, step.told != step.needed)
        ) AS stands
            ON stands.model = wanted.model AND stands.object_type = wanted.on_type AND stands.object_id = wanted.on_id
               AND stands.needed = wanted.event_type
        WHERE stands.needed = ''
        GROUP BY model, handoff, object_type, object_id, wanted.place, wanted.event_type, wanted.summary
        ORDER BY wanted.place
        LIMIT 1 BY model, handoff, object_type, object_id
    ),
    -- What opened each stalled instance.
    opener AS
    (
        SELECT object_type, object_id, event_id, occurred_at, min((integration::String, event_type::String)) AS told
        FROM current_event_objects
        WHERE (object_type, object_id, occurred_at) IN (SELECT object_type, object_id, opened_at FROM overdue)
        GROUP BY object_type, object_id, event_id, occurred_at
    ),
    -- The same where an event of a linked object did, which does not name the stalled one.
    opener_elsewhere AS
    (
        SELECT event_id, occurred_at, min((integration::String, type::String, subject_type::String, subject_id)) AS told
        FROM current_events
        WHERE type IN (SELECT arrayJoin({linked_starts:Array(Tuple(String, String, String))}).3)
          AND (event_id, occurred_at) IN
              (
                  SELECT opened_by, opened_at FROM overdue
                  WHERE (model, handoff) IN (SELECT start.1, start.2 FROM (SELECT arrayJoin({linked_starts:Array(Tuple(String, String, String))}) AS start))
              )
        GROUP BY event_id, occurred_at
    ),
    -- Each stalled instance with whom it waits for, and what opened it: integration, event type, and the object it names.
    opened AS
    (
        SELECT o.model AS model, o.handoff AS handoff, o.object_type AS object_type, o.object_id AS object_id,
            o.opened_at AS opened_at, o.awaits AS awaits,
            if(opener.event_id = '', opener_elsewhere.told,
               (opener.told.1, opener.told.2, o.object_type::String, o.object_id)) AS opened_with
        FROM overdue AS o
        LEFT JOIN opener ON opener.object_type = o.object_type AND opener.object_id = o.object_id
            AND opener.event_id = o.opened_by AND opener.occurred_at = o.opened_at
        LEFT JOIN opener_elsewhere ON opener_elsewhere.event_id = o.opened_by AND opener_elsewhere.occurred_at = o.opened_at
    ),
    -- All that a wait could be for, met or not: which of it is, is told by `unmet`, whose analysis costs more.
    watched AS
    (
        SELECT object_type::String AS object_type, object_id FROM overdue_object
        UNION DISTINCT
        SELECT on_type, on_id FROM above WHERE on_type IN (SELECT on_type FROM need)
    ),
    watched_id AS
    (
        SELECT object_type, object_id, object_id AS sent_id FROM watched
        UNION ALL
        SELECT object_type::String, object_id, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN watched
    ),
    -- The newest span of each integration on each object that is stalled, or could be waited for, under any of its ids.
    traced AS
    (
        SELECT watched_id.object_type AS object_type, watched_id.object_id AS object_id, s.integration::String AS integration,
            -- Spans of one instant in the order of their ids, and one span told twice in that of what it says.
            argMax((s.started_at, s.service::String, s.status_message, lower(hex(s.trace_id)), lower(hex(s.span_id)), s.status_code),
                (s.started_at, s.trace_id, s.span_id, s.status_code, s.status_message, s.service)) AS newest
        FROM
        (
            SELECT * FROM span_objects
            WHERE started_at <= {as_of:DateTime64(6, 'UTC')} AND (object_type, object_id) IN
                (SELECT object_type, sent_id FROM watched_id)
        ) AS s
        INNER JOIN watched_id ON watched_id.object_type = s.object_type AND watched_id.sent_id = s.object_id
        GROUP BY object_type, object_id, integration
    ),
    -- A span explains a wait if its integration is one of the two ends of what is waited for: the one awaited, or the one that
    -- opened the handoff and hands over (any, where the model awaits nobody); if none of these ends has a newer one there;
    -- and if it failed while the handoff was open. On what is waited for: of those who should tell that.
    failing_for AS
    (
        SELECT model, handoff, object_type, object_id,
            argMax((newest.1, newest.2, newest.3, newest.4, newest.5, newest.6, on_type, on_id),
                   (own, newest.1, newest.4, newest.5, on_type, on_id)) AS failure
        FROM
        (
            SELECT waiting.model AS model, waiting.handoff AS handoff, waiting.object_type AS object_type,
                waiting.object_id AS object_id, waiting.own AS own, waiting.on_type AS on_type, waiting.on_id AS on_id,
                waiting.opened_at AS opened_at,
                argMax((traced.newest.1, traced.newest.2, traced.newest.3, traced.newest.4, traced.newest.5, traced.integration,
                        traced.newest.6),
                       (traced.newest.1, traced.newest.4, traced.newest.5, traced.integration)) AS newest
            FROM
            (
                SELECT model, handoff, object_type, object_id, object_type::String AS on_type, object_id AS on_id, true AS own,
                    opened_at, if(awaits = '', [], [awaits, opened_with.1]) AS ends
                FROM opened
                UNION ALL
                SELECT lacking.model, lacking.handoff, lacking.object_type, lacking.object_id, lacking.on_type, lacking.on_id,
                    false, opened.opened_at, lacking.told_by
                FROM
                (
                    SELECT model, handoff, object_type, object_id, told_by, awaited.1 AS on_type, awaited.2 AS on_id
                    FROM unmet ARRAY JOIN waits_for AS awaited
                ) AS lacking
                INNER JOIN opened ON opened.model = lacking.model AND opened.handoff = lacking.handoff
                    AND opened.object_type = lacking.object_type AND opened.object_id = lacking.object_id
            ) AS waiting
            INNER JOIN traced ON traced.object_type = waiting.on_type AND traced.object_id = waiting.on_id
            WHERE empty(waiting.ends) OR has(waiting.ends, traced.integration)
            GROUP BY model, handoff, object_type, object_id, own, on_type, on_id, opened_at
            HAVING newest.7 = 2 AND newest.1 >= opened_at
        )
        GROUP BY model, handoff, object_type, object_id
    ),
    -- Exceptions raised and, by {as_of}, not ended since: neither by their own events nor in any way the models know.
    open_exception AS
    (
        SELECT told.object_id AS object_id, told.raised_at AS raised_at, told.raised_by AS raised_by, told.reason AS reason
        FROM
        (
            SELECT object_id, maxIf(occurred_at, event_type = 'exception.raised') AS raised_at,
                argMaxIf((integration, event_id), (occurred_at, event_id, integration), event_type = 'exception.raised') AS raised_by,
                argMaxIf(reason, (occurred_at, event_id, integration), event_type = 'exception.raised') AS reason
            FROM current_event_objects
            WHERE object_type = 'exception' AND event_type IN ('exception.raised', 'exception.resolved', 'exception.cancelled')
              AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            GROUP BY object_id
            HAVING countIf(event_type = 'exception.raised') > 0 AND raised_at > maxIf(occurred_at, event_type != 'exception.raised')
        ) AS told
        LEFT JOIN
        (
            SELECT object_id, max(coalesce(closed_at, cancelled_at)) AS ended_at
            FROM handoffs FINAL
            WHERE (model, handoff) IN {of_exceptions:Array(Tuple(String, String))} AND object_type = 'exception'
              AND (closed_at <= {as_of:DateTime64(6, 'UTC')} OR cancelled_at <= {as_of:DateTime64(6, 'UTC')})
            GROUP BY object_id
        ) AS decided
            ON decided.object_id = told.object_id
        WHERE decided.ended_at IS NULL OR decided.ended_at < told.raised_at
    ),
    excepted AS
    (
        SELECT named.object_type AS object_type, named.object_id AS object_id,
            argMin((open_exception.reason::String, open_exception.raised_at, open_exception.raised_by.1::String,
                    open_exception.raised_by.2, open_exception.object_id),
                   (open_exception.raised_at, open_exception.object_id)) AS raised
        FROM
        (
            SELECT object_type, object_id, integration, event_id FROM current_event_objects
            WHERE event_type = 'exception.raised' AND (object_type, object_id) IN
                  (SELECT object_type, object_id FROM overdue_object)
        ) AS named
        INNER JOIN open_exception
            ON open_exception.raised_by.1 = named.integration AND open_exception.raised_by.2 = named.event_id
        GROUP BY object_type, object_id
    ),
    judged AS
    (
        SELECT o.model AS model, o.handoff AS handoff, o.title AS title, o.object_type AS object_type, o.object_id AS object_id,
            o.cycle AS cycle, o.journey_type AS journey_type, o.journey_id AS journey_id, o.journeys AS journeys,
            o.facility AS facility, o.supplier AS supplier, o.department AS department, o.spend_category AS spend_category,
            o.criticality AS criticality, o.flow_type AS flow_type, o.amount AS amount, o.currency AS currency,
            o.opened_at AS opened_at, assumeNotNull(o.due_at) AS due_at,
            dateDiff('second', assumeNotNull(o.due_at), {as_of:DateTime64(6, 'UTC')}) AS overdue_seconds,
            o.owner AS owner,
            multiIf(
                silent.integration != '', 'silence',
                failing_for.failure.4 != '', 'integration_failure',
                excepted.object_id != '', 'exception',
                unmet.summary != '', 'missing_prerequisite',
                'waiting_on') AS cause,
            multiIf(
                cause = 'silence', concat(silent.name, ' has sent nothing since ', formatDateTime(silent.heard_at, '%Y-%m-%d %H:%i'), ' UTC'),
                cause = 'integration_failure', concat(failing_for.failure.2, ' fails: ', failing_for.failure.3),
                cause = 'exception', concat('Exception open: ', replaceAll(if(excepted.raised.1 = '', 'no reason given', excepted.raised.1), '_', ' ')),
                cause = 'missing_prerequisite', unmet.summary,
                concat('Waiting on ', if(o.owner = '', 'an owner who is not named', o.owner))) AS cause_summary,
            multiIf(
                cause = 'silence', concat('silence:', o.awaits),
                cause = 'integration_failure', concat('integration_failure:', failing_for.failure.2, ':',
                    -- Words with digits are ids, durations, ports: they differ from stall to stall where the cause does not.
                    replaceRegexpAll(failing_for.failure.3, '\\S*\\d\\S*', '#')),
                cause = 'exception', concat('exception:', excepted.raised.1),
                cause = 'missing_prerequisite', concat('missing_prerequisite:', o.model, ':', o.handoff, ':', unmet.event_type),
                concat('waiting_on:', o.model, ':', o.handoff)) AS signature,
            if(cause = 'integration_failure', failing_for.failure.4, '') AS trace_id,
            -- Of correlator.causes.Evidence: kind, integration, at, event type, event id, trace, span, object.
            if(o.opened_by = '', [], [('event', opened.opened_with.1, toNullable(o.opened_at), opened.opened_with.2, o.opened_by, '', '',
                opened.opened_with.3, opened.opened_with.4)]) AS opening,
            multiIf(
                cause = 'silence', [('silence', o.awaits, toNullable(silent.heard_at), '', '', '', '', '', '')],
                cause = 'integration_failure', [('span', failing_for.failure.6, toNullable(failing_for.failure.1::DateTime64(6, 'UTC')), '', '',
                    failing_for.failure.4, failing_for.failure.5, failing_for.failure.7, failing_for.failure.8)],
                cause = 'exception', [('event', excepted.raised.3, toNullable(excepted.raised.2), 'exception.raised', excepted.raised.4, '', '',
                    'exception', excepted.raised.5)],
                cause = 'missing_prerequisite', arrayConcat(arrayMap(
                    missing -> ('missing', '', NULL::Nullable(DateTime64(6, 'UTC')), unmet.event_type, '', '', '', missing.1, missing.2),
                    -- Where nothing is known that it could have happened on: on the object itself.
                    if(empty(unmet.waits_for), [(o.object_type::String, o.object_id)], arraySlice(unmet.waits_for, 1, 5))), opening),
                opening) AS evidence
        FROM overdue AS o
        LEFT JOIN opened ON opened.model = o.model AND opened.handoff = o.handoff
            AND opened.object_type = o.object_type AND opened.object_id = o.object_id
        LEFT JOIN silent ON silent.integration = o.awaits
        LEFT JOIN failing_for ON failing_for.model = o.model AND failing_for.handoff = o.handoff
            AND failing_for.object_type = o.object_type AND failing_for.object_id = o.object_id
        LEFT JOIN excepted ON excepted.object_type = o.object_type AND excepted.object_id = o.object_id
        LEFT JOIN unmet ON unmet.model = o.model AND unmet.handoff = o.handoff
            AND unmet.object_type = o.object_type AND unmet.object_id = o.object_id
    ),
    stalls AS
    (
        SELECT *, concat(toString(toUnixTimestamp64Micro(due_at)), '|', model, '|', handoff, '|', object_type, '|', object_id, '|', toString(cycle)) AS key
        FROM judged
        WHERE empty({cause:Array(String)}) OR has({cause:Array(String)}, cause) OR has({cause:Array(String)}, signature)
    )
