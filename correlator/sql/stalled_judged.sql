-- Grain: one instance of `stalled_now` with its cause, of those that the filters let through: the first that holds of silence,
-- integration failure, exception, missing prerequisite, waiting on its owner; and with the facts that say so.
-- Caller: correlator.reasoning.
INSERT INTO stalled_judged
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by,
    due_at, overdue_seconds, facility, supplier, department, spend_category, criticality, flow_type, amount,
    currency, title, owner, awaits, key, total, cause, cause_summary, signature, trace_id, evidence)
WITH
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
        SELECT key, arrayFirst(each -> each.1 = awaits, {silent:Array(Tuple(String, String, Int64))}) AS silence,
            fromUnixTimestamp64Micro(silence.3, 'UTC') AS silent_since,
            multiIf(
                silence.1 != '', 'silence',
                failure.3 != '', 'integration_failure',
                has_exception, 'exception',
                lack.2 != '', 'missing_prerequisite',
                'waiting_on') AS cause,
            multiIf(
                cause = 'silence', concat(silence.2, ' has sent nothing since ', formatDateTime(silent_since, '%Y-%m-%d %H:%i'), ' UTC'),
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
        WHERE empty({cause:Array(String)}) OR has({cause:Array(String)}, cause) OR has({cause:Array(String)}, signature)
    )
SELECT o.model, o.handoff, o.object_type, o.object_id, o.cycle, o.journey_type, o.journey_id, o.journeys, o.opened_at,
    o.opened_by, o.due_at, o.overdue_seconds, o.facility, o.supplier, o.department, o.spend_category,
    o.criticality, o.flow_type, o.amount, o.currency, o.title, o.owner, o.awaits, o.key, o.total,
    cause, cause_summary, judged.signature, trace_id, evidence
FROM stalled_now AS o
INNER JOIN judged ON judged.key = o.key
