-- Grain: one part of an objective, by its place in {parts}, and one stretch of time, from `since_us` (UTC microseconds) up to the
-- next of {bounds} or of the slices of {slice_us} from {anchor_us} on (0: none): how many of `promised` were decided in it, and
-- how. Caller: included by outcomes and outcomes_within.
-- Undecided is told of {as_of}. `late`: ended after it was due; `overdue`: past due and open still. What was never due is in
-- nothing. `corrected`: of the good and cancelled those that were known when they fell due, and of which it was told only after
-- that, and by {as_of}, that they had ended (correlator/corrected.py). Groups have numbers for keys, and which part counts what
-- is asked of them, not of promises: they are few. {values_of_…}: the values of a dimension that parts ask for; any other is 0.
SELECT part.1 AS place, since_us, sumIf(promises, outcome = 1) AS good, sumIf(promises, outcome = 2) AS late,
    sumIf(promises, outcome = 3) AS overdue, sumIf(promises, outcome = 4) AS cancelled, sumIf(promises, outcome = 5) AS undecided,
    sumIf(promises, is_corrected) AS corrected
FROM
(
    SELECT
        transform(model, {values_of_model:Array(String)}, arrayEnumerate({values_of_model:Array(String)}), 0) AS of_model,
        transform(handoff, {values_of_handoff:Array(String)}, arrayEnumerate({values_of_handoff:Array(String)}), 0) AS of_handoff,
        transform(facility, {values_of_facility:Array(String)}, arrayEnumerate({values_of_facility:Array(String)}), 0) AS of_facility,
        transform(supplier, {values_of_supplier:Array(String)}, arrayEnumerate({values_of_supplier:Array(String)}), 0) AS of_supplier,
        transform(spend_category, {values_of_spend_category:Array(String)}, arrayEnumerate({values_of_spend_category:Array(String)}), 0)
            AS of_spend_category,
        transform(department, {values_of_department:Array(String)}, arrayEnumerate({values_of_department:Array(String)}), 0)
            AS of_department,
        -- What is judged as standard, unknown words included, is the third.
        transform(criticality, ['clinical-critical', 'low'], [1, 2], 3) AS of_criticality,
        outcome, is_corrected,
        greatest(
            roundDown(at_us, {bounds:Array(Int64)}),
            if({slice_us:Int64} = 0 OR at_us < {anchor_us:Int64}, 0, at_us - (at_us - {anchor_us:Int64}) % {slice_us:Int64})) AS since_us,
        count() AS promises
    FROM
    (
        SELECT model, handoff, facility, supplier, spend_category, department, criticality,
            multiIf(
                due_at < seen_until, if(is_ended, 2, 3),
                -- While its clock stands still it has no due time, and may get one.
                due_at IS NULL, if(paused_since IS NULL OR is_ended, 0, 5),
                NOT is_ended, 5,
                is_closed, 1,
                4) AS outcome,
            toUnixTimestamp64Micro(if(outcome IN (2, 3), assumeNotNull(due_at), seen_until)) AS at_us,
            ifNull(outcome IN (1, 4) AND opened_received_at <= due_at AND due_at < ended_received_at
                AND ended_received_at <= {as_of:DateTime64(6, 'UTC')}, false) AS is_corrected
        FROM
        (
            SELECT *,
                ifNull(closed_at <= {as_of:DateTime64(6, 'UTC')}, false) AS is_closed,
                least(ifNull(closed_at, {as_of:DateTime64(6, 'UTC')}), ifNull(cancelled_at, {as_of:DateTime64(6, 'UTC')}),
                      {as_of:DateTime64(6, 'UTC')}) AS seen_until,
                is_closed OR ifNull(cancelled_at <= {as_of:DateTime64(6, 'UTC')}, false) AS is_ended
            FROM promised
        )
        WHERE outcome != 0 AND at_us >= {bounds:Array(Int64)}[1]
    )
    GROUP BY of_model, of_handoff, of_facility, of_supplier, of_spend_category, of_department, of_criticality, outcome, is_corrected, since_us
)
ARRAY JOIN arrayFilter(
    part -> part.2 = of_model AND has(part.3, of_handoff)
        AND (empty(part.4) OR has(part.4, of_facility))
        AND (empty(part.5) OR has(part.5, of_supplier))
        AND (empty(part.6) OR has(part.6, of_spend_category))
        AND (empty(part.7) OR has(part.7, of_department))
        AND (empty(part.8) OR has(part.8, of_criticality)),
    {parts:Array(Tuple(UInt32, UInt32, Array(UInt32), Array(UInt32), Array(UInt32), Array(UInt32), Array(UInt32), Array(UInt8)))}
) AS part
GROUP BY place, since_us
ORDER BY place, since_us
