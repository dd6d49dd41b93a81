    -- Grain: one handoff instance that is open at {as_of} and falls due by {horizon}, as `chances`: how likely it is still to
    -- run when it falls due, given that it runs now: S(due) / S(now), where S is the share of its segment that neither closing
    -- nor cancelling has ended (Kaplan and Meier over every end), and how likely it is to close before that. Segment: its
    -- handoff and criticality at its facility where {enough} of those have closed, else anywhere, else none. `instances` are
    -- those of any facility and supplier. Caller: included by forecast and forecast_page.
    gathered AS
    (
        SELECT
            key_1, key_2, key_3, key_4,
            groupArray(bitShiftLeft(lasted_us, 2) + multiIf(is_closed, 0, is_cancelled, 1, 2)) AS marks
        FROM instances
        GROUP BY key_1, key_2, key_3, key_4
    ),
    segments AS
    (
        SELECT
            cityHash64(key_1, key_2, key_3, place) AS segment,
            arraySort(groupArrayArray(marks)) AS marks,
            arrayMap(number -> number::Float64, arrayReverse(arrayEnumerate(marks))) AS at_risk,
            arrayCount(mark -> bitAnd(mark, 3) = 0, marks) AS closed,
            bitShiftRight(marks[-1], 2) AS longest_us
        FROM gathered
        -- A facility's own, and everyone's: no name of a facility begins with this character.
        ARRAY JOIN [key_4, '\0'] AS place
        GROUP BY key_1, key_2, key_3, place
        HAVING closed >= {enough:UInt32}
    ),
    running AS
    (
        SELECT
            *,
            arrayMap(sum -> exp(sum), arrayCumSum(
                arrayMap((mark, n) -> if(bitAnd(mark, 3) < 2, log(1 - 1 / n), 0), marks, at_risk))) AS shares,
            arrayPopBack(arrayPushFront(shares, 1.)) AS before
        FROM segments
    ),
    steps AS
    (
        SELECT
            segment,
            closed,
            longest_us,
            arrayCumSum(arrayMap((mark, n, s) -> if(bitAnd(mark, 3) = 0, s / n, 0), marks, at_risk, before)) AS closed_shares,
            arrayMap(mark -> bitShiftRight(mark, 2), marks) AS lasted,
            arrayFilter((step, t, next) -> t != next, arrayZip(lasted, shares, closed_shares), lasted,
                arrayPopFront(arrayPushBack(lasted, -1))) AS ends
        FROM running
    ),
    -- A step a duration, and one before them all.
    curve AS MATERIALIZED
    (
        SELECT segment, closed, longest_us, step.1 AS at_us, step.2 AS share, step.3 AS closed_share
        FROM steps
        ARRAY JOIN arrayPushFront(ends, (-1, 1., 0.)) AS step
    ),
    known AS MATERIALIZED
    (
        SELECT segment FROM segments
    ),
    running_now AS
    (
        SELECT
            model, handoff, object_type, object_id, cycle, journey_type, journey_id,
            facility, supplier, department, spend_category, criticality, amount, currency,
            first_opened_at, assumeNotNull(due_at) AS due,
            toUnixTimestamp64Micro({as_of:DateTime64(6, 'UTC')}) - toUnixTimestamp64Micro(first_opened_at) AS age_us,
            toUnixTimestamp64Micro(due) - toUnixTimestamp64Micro(first_opened_at) AS due_us,
            cityHash64(model::String, handoff::String, criticality::String, facility::String) AS own,
            cityHash64(model::String, handoff::String, criticality::String, '\0') AS everyones,
            own IN (SELECT segment FROM known) AS is_own,
            if(is_own, own, everyones) AS segment
        FROM handoffs FINAL
        WHERE is_gone = 0
            AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
            AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
            AND due_at >= {as_of:DateTime64(6, 'UTC')}
            AND due_at <= {horizon:DateTime64(6, 'UTC')}
            AND (empty({of_facility:Array(String)}) OR has({of_facility:Array(String)}, facility))
            AND (empty({of_supplier:Array(String)}) OR has({of_supplier:Array(String)}, supplier))
            AND (empty({of_spend_category:Array(String)}) OR has({of_spend_category:Array(String)}, spend_category))
            AND (empty({of_department:Array(String)}) OR has({of_department:Array(String)}, department))
            AND (empty({of_criticality:Array(String)}) OR hasAny(
                {of_criticality:Array(String)},
                [criticality::String, if(criticality IN ('clinical-critical', 'low'), criticality::String, 'standard')]))
            AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff))
    ),
    chances AS
    (
        SELECT
            running_now.*,
            now.closed AS closed_like_it,
            multiIf(
                now.closed = 0, 'few',
                due_us > now.longest_us AND by_due.share > 1e-12 OR now.share < 1e-12, 'beyond',
                '') AS withheld,
            if(withheld = '', by_due.share / now.share, NULL) AS late,
            if(withheld = '', (by_due.closed_share - now.closed_share) / now.share, NULL) AS in_time
        FROM running_now
        ASOF LEFT JOIN curve AS now ON running_now.segment = now.segment AND running_now.age_us >= now.at_us
        ASOF LEFT JOIN curve AS by_due ON running_now.segment = by_due.segment AND running_now.due_us >= by_due.at_us
    )
