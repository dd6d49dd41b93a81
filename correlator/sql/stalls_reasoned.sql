    -- Grain: one instance of `overdue` with its cause: the first that holds of silence, integration failure, exception, missing
    -- prerequisite, waiting on its owner; and with the facts that say so. As `stalls`. All that was told of one document is
    -- gathered to one row, and judged there in lists: each further reference to a step above would be planned anew, and
    -- planning is most of what a page costs. What all of it reads is found once (MATERIALIZED), on a single node; a second
    -- such step over it, the engine (26.9) may read too early. Caller: included by stalls and stall_causes.
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
    -- What was told of each of them and of their documents: each step that is needed or undoes one, as `steps` (event type, when,
    -- integration, event), and what opened a stalled instance, as `openings` (event, when, integration, event type).
    told AS
    (
        SELECT object_type, object_id, groupArrayArray(taken) AS steps, groupArrayArray(opened) AS openings
        FROM
        (
            SELECT object_type::String AS object_type, object_id, event_type::String AS event_type,
                groupUniqArrayIf((event_type::String, occurred_at, integration::String, event_id),
                    has({steps:Array(String)}, event_type::String)) AS taken,
                groupUniqArrayIf((event_id, occurred_at, integration::String, event_type::String), is_opening) AS opened
            FROM
            (
                SELECT *, (object_type, object_id, occurred_at) IN (SELECT object_type, object_id, opened_at FROM overdue) AS is_opening
                FROM current_event_objects
                WHERE (object_type, object_id) IN
                      (SELECT on_type, on_id FROM hangs UNION ALL SELECT by_type, by_id FROM documents)
                  AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
            )
            WHERE is_opening OR has({steps:Array(String)}, event_type::String)
            GROUP BY object_type, object_id, event_type
        )
        GROUP BY object_type, object_id
    ),
    named AS
    (
        SELECT object_type, object_id, object_id AS sent_id FROM (SELECT DISTINCT on_type AS object_type, on_id AS object_id FROM hangs)
        UNION ALL
        SELECT object_type::String, object_id, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN (SELECT on_type, on_id FROM hangs)
    ),
    -- The newest span of each integration on each of them, under any of its ids, as `spans` (integration, when, service, message,
    -- trace, span, status).
    traced AS
    (
        SELECT object_type, object_id,
            groupArray((integration, newest.1, newest.2, newest.3, newest.4, newest.5, newest.6)) AS spans
        FROM
        (
            SELECT named.object_type AS object_type, named.object_id AS object_id, s.integration::String AS integration,
                -- Spans of one instant in the order of their ids, and one span told twice in that of what it says.
                argMax((s.started_at, s.service::String, s.status_message, lower(hex(s.trace_id)), lower(hex(s.span_id)), s.status_code),
                    (s.started_at, s.trace_id, s.span_id, s.status_code, s.status_message, s.service)) AS newest
            FROM
            (
                SELECT * FROM named_span_objects
                WHERE started_at <= {as_of:DateTime64(6, 'UTC')} AND (object_type, object_id) IN (SELECT object_type, sent_id FROM named)
            ) AS s
            INNER JOIN named ON named.object_type = s.object_type AND named.sent_id = s.object_id
            GROUP BY object_type, object_id, integration
        )
        GROUP BY object_type, object_id
    ),
    -- One place and what may be needed there or of what it hangs on, as `need` (model, event type, on what, what undoes it), with what
    -- was told of that: of the place itself (`own`), and of its documents of the kind that the event is about (`claimed`). Of each
    -- document the last counts of what does it and what undoes it, the undoing at one instant: `standing_at` is when the newest
    -- was done that stands. What undoes and finds nothing done in its document undoes whatever stands: `swept_at`, the newest.
    -- Elsewhere than where it is needed, only documents count that no place has which the object hangs on and which needs it.
    -- Once for all that hangs there: an order may have a thousand receipts, and as many invoices.
    told_there AS
    (
        SELECT model, on_type, on_id, need,
            groupArrayArrayIf(taken, NOT is_document) AS own, groupArrayArrayIf(taken, is_document) AS claimed,
            maxIf(done_at, is_document AND done_at > undone_at) AS standing_at, maxIf(sweeping_at, is_document) AS swept_at,
            groupArrayArrayIf(spans, is_self) AS spans, groupArrayArrayIf(openings, is_self) AS openings
        FROM
        (
            SELECT model, on_type, on_id, need, is_self, is_document, spans, openings, taken,
                arrayMax(arrayPushFront(done, toDateTime64(0, 6, 'UTC'))) AS done_at,
                arrayMax(arrayPushFront(undone, toDateTime64(0, 6, 'UTC'))) AS undone_at,
                arrayMin(arrayPushFront(done, {as_of:DateTime64(6, 'UTC')} + toIntervalSecond(1))) AS first_done_at,
                arrayMax(arrayPushFront(arrayFilter(at -> at < first_done_at, undone), toDateTime64(0, 6, 'UTC'))) AS sweeping_at
            FROM
            (
                SELECT model, on_type, on_id, need, is_self, spans, openings, by_type = substringIndex(need.2, '.', 1) AS is_document,
                    arrayFilter(step -> step.1 = need.2 OR has(need.4, step.1), steps) AS taken,
                    arrayFilter(step -> step.1 = need.2, steps).2 AS done,
                    arrayFilter(step -> has(need.4, step.1), steps).2 AS undone
                FROM
                (
                    SELECT model, by_type, by_id, place.1 AS on_type, place.2 AS on_id, (by_type, by_id) = place AS is_self,
                        told.steps AS steps, told.openings AS openings, traced.spans AS spans,
                        arrayFilter(
                            it -> it.1 = model
                                AND if(it.3 = on_type, is_self OR by_type = substringIndex(it.2, '.', 1),
                                    by_type = substringIndex(it.2, '.', 1) AND NOT arrayExists(
                                        other -> other.1 = it.3 AND (model, on_type, on_id, other.1, other.2) IN
                                            (SELECT model, object_type, object_id, on_type, on_id FROM hangs),
                                        places)),
                            {needed:Array(Tuple(String, String, String, Array(String)))}) AS needed_there
                    FROM
                    (
                        SELECT model, by_type, by_id, groupUniqArray((on_type, on_id)) AS places
                        FROM
                        (
                            SELECT model, on_type, on_id, on_type AS by_type, on_id AS by_id FROM hangs
                            UNION ALL
                            SELECT model, on_type, on_id, by_type, by_id FROM documents
                        )
                        GROUP BY model, by_type, by_id
                    ) AS spot
                    LEFT JOIN told ON told.object_type = spot.by_type AND told.object_id = spot.by_id
                    LEFT JOIN traced ON traced.object_type = spot.by_type AND traced.object_id = spot.by_id
                    ARRAY JOIN places AS place
                )
                LEFT ARRAY JOIN needed_there AS need
            )
        )
        GROUP BY model, on_type, on_id, need
    ),
    -- What no document has happened to one that nobody names, and its undoing undoes whatever stands.
    stood_there AS
    (
        SELECT model, on_type, on_id, (need.2, need.3) AS may_lack, spans, openings,
            greatest(standing_at, arrayMax(arrayPushFront(
                arrayFilter(step -> step.1 = need.2, unclaimed).2, toDateTime64(0, 6, 'UTC'))))
            > greatest(swept_at, arrayMax(arrayPushFront(
                arrayFilter(step -> step.1 != need.2, unclaimed).2, toDateTime64(0, 6, 'UTC')))) AS stands
        FROM
        (
            SELECT *,
                arrayFilter(
                    (step, nth) -> nth = 1,
                    own, arraySlice(arrayEnumerateUniq(arrayConcat(claimed, own)), length(claimed) + 1)) AS unclaimed
            FROM told_there
        )
    ),
    -- All that a stalled object hangs on, as `near` (type, id, what may be lacking as (event type, on what), whether that stands there,
    -- spans).
    around AS
    (
        SELECT hangs.model AS of_model, hangs.object_type AS of_type, hangs.object_id AS of_id,
            groupArray((hangs.on_type, hangs.on_id, place.may_lack, place.stands, place.spans)) AS near,
            groupArrayArrayIf(place.openings, (hangs.object_type, hangs.object_id) = (hangs.on_type, hangs.on_id)) AS openings
        FROM hangs
        INNER JOIN stood_there AS place
            ON place.model = hangs.model AND place.on_type = hangs.on_type AND place.on_id = hangs.on_id
        GROUP BY of_model, of_type, of_id
    ),
    -- What opened a stalled instance where an event of a linked object did, which does not name the stalled one.
    opener_elsewhere AS
    (
        SELECT event_id AS by_event, occurred_at AS at, min((integration::String, type::String, subject_type::String, subject_id)) AS told
        FROM current_events
        WHERE has({linked_starts:Array(String)}, type::String)
          AND (event_id, occurred_at) IN (SELECT opened_by, opened_at FROM overdue WHERE starts_elsewhere)
        GROUP BY by_event, at
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
        SELECT named.object_type AS on_type, named.object_id AS on_id,
            argMin((open_exception.reason::String, open_exception.raised_at, open_exception.raised_by.1::String,
                    open_exception.raised_by.2, open_exception.object_id),
                   (open_exception.raised_at, open_exception.object_id)) AS raised
        FROM
        (
            SELECT object_type, object_id, integration, event_id FROM current_event_objects
            WHERE event_type = 'exception.raised' AND (object_type, object_id) IN (SELECT object_type, object_id FROM overdue)
        ) AS named
        INNER JOIN open_exception
            ON open_exception.raised_by.1 = named.integration AND open_exception.raised_by.2 = named.event_id
        GROUP BY on_type, on_id
    ),
    -- Each stalled instance with what opened it (integration, event type, and the object it names).
    surrounded AS
    (
        SELECT o.*, silent.integration AS silent_integration, silent.name AS silent_name, silent.heard_at AS silent_since,
            around.near AS near, excepted.raised AS raised, excepted.on_id != '' AS has_exception,
            arraySort(arrayMap(each -> (each.3, each.4), arrayFilter(each -> each.1 = o.opened_by AND each.2 = o.opened_at, around.openings))) AS opened_here,
            if(empty(opened_here), opener_elsewhere.told,
               (opened_here[1].1, opened_here[1].2, o.object_type::String, o.object_id)) AS opened_with
        FROM overdue AS o
        LEFT JOIN around ON around.of_model = o.model AND around.of_type = o.object_type AND around.of_id = o.object_id
        LEFT JOIN opener_elsewhere ON opener_elsewhere.by_event = o.opened_by AND opener_elsewhere.at = o.opened_at
        LEFT JOIN silent ON silent.integration = o.awaits
        LEFT JOIN excepted ON excepted.on_type = o.object_type AND excepted.on_id = o.object_id
    ),
-- include: correlator/stalls_needed
    ,
    -- A span explains a wait if its integration is one of the two ends of what is waited for: the one awaited, or the one that
    -- opened the handoff and hands over (any, where the model awaits nobody); if none of these ends has a newer one there;
    -- and if it failed while the handoff was open. On what is waited for: of those who should tell that. As `failure` (own,
    -- when, trace, span, on what, integration, service, message).
    traced_back AS
    (
        SELECT *,
            arrayMax(arrayMap(
                each -> (each.1, each.4.1, each.4.2, each.4.3, each.2, each.3, each.4.4, each.4.5, each.4.6),
                arrayFilter(each -> each.4.7 = 2 AND each.4.1 >= opened_at, arrayMap(
                    wait -> (wait.1, wait.2, wait.3, arrayMax(arrayPushFront(arrayMap(
                        span -> (span.2, span.5, span.6, span.1, span.3, span.4, span.7),
                        arrayFilter(span -> empty(wait.4) OR has(wait.4, span.1), arrayFlatten(arrayMap(
                            spot -> spot.5, arrayFilter(spot -> spot.1 = wait.2 AND spot.2 = wait.3, near))))),
                        (toDateTime64(0, 9, 'UTC'), '', '', '', '', '', 0::UInt8)))),
                    arrayPushFront(
                        arrayMap(spot -> (false, spot.1, spot.2, lack.3), lack.4),
                        (true, object_type::String, object_id, if(awaits = '', [], [awaits, opened_with.1]))))))) AS failure
        FROM weighed
    ),
    judged AS
    (
        SELECT * EXCEPT (near, opened_here, opened_with, lack, failure, raised, has_exception, silent_integration, silent_name, silent_since),
            multiIf(
                silent_integration != '', 'silence',
                failure.3 != '', 'integration_failure',
                has_exception, 'exception',
                lack.2 != '', 'missing_prerequisite',
                'waiting_on') AS cause,
            multiIf(
                cause = 'silence', concat(silent_name, ' has sent nothing since ', formatDateTime(silent_since, '%Y-%m-%d %H:%i'), ' UTC'),
                cause = 'integration_failure', concat(failure.8, ' fails: ', failure.9),
                cause = 'exception', concat('Exception open: ', replaceAll(if(raised.1 = '', 'no reason given', raised.1), '_', ' ')),
                cause = 'missing_prerequisite', lack.2,
                concat('Waiting on ', if(owner = '', 'an owner who is not named', owner))) AS cause_summary,
            multiIf(
                cause = 'silence', concat('silence:', awaits),
                cause = 'integration_failure', concat('integration_failure:', failure.8, ':',
                    -- Words with digits are ids, durations, ports: they differ from stall to stall where the cause does not.
                    replaceRegexpAll(failure.9, '\\S*\\d\\S*', '#')),
                cause = 'exception', concat('exception:', raised.1),
                cause = 'missing_prerequisite', concat('missing_prerequisite:', model, ':', handoff, ':', lack.1),
                concat('waiting_on:', model, ':', handoff)) AS signature,
            if(cause = 'integration_failure', failure.3, '') AS trace_id,
            -- Of correlator.causes.Evidence: kind, integration, at, event type, event id, trace, span, object.
            if(opened_by = '', [], [('event', opened_with.1, toNullable(opened_at), opened_with.2, opened_by, '', '',
                opened_with.3, opened_with.4)]) AS opening,
            multiIf(
                cause = 'silence', [('silence', awaits, toNullable(silent_since), '', '', '', '', '', '')],
                cause = 'integration_failure', [('span', failure.7, toNullable(failure.2::DateTime64(6, 'UTC')), '', '',
                    failure.3, failure.4, failure.5, failure.6)],
                cause = 'exception', [('event', raised.3, toNullable(raised.2), 'exception.raised', raised.4, '', '', 'exception', raised.5)],
                cause = 'missing_prerequisite', arrayConcat(arrayMap(
                    missing -> ('missing', '', NULL::Nullable(DateTime64(6, 'UTC')), lack.1, '', '', '', missing.1, missing.2),
                    -- Where nothing is known that it could have happened on: on the object itself.
                    if(empty(lack.4), [(object_type::String, object_id)], arraySlice(lack.4, 1, 5))), opening),
                opening) AS evidence
        FROM traced_back
    )