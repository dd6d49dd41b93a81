-- Grain: one share of its time at which any of a segment ended or was last seen, and one before them all, of the segments that open
-- handoffs are judged by: of those that ran beyond it (`longer` of them), how likely one is still to run when it falls due, S(due) /
-- S(at), and to close before. S is the share that neither closing nor cancelling has ended (Kaplan and Meier over every end).
-- `is_watched`: whether any of them was watched until it fell due, or all had ended. Caller: slo.forecast.Forecasts.
INSERT INTO forecast_curves
WITH
    segments AS
    (
        SELECT
            segment,
            arraySort(groupArray(bitShiftLeft(used, 2) + kind)) AS marks,
            arrayMap(number -> number::Float64, arrayReverse(arrayEnumerate(marks))) AS at_risk,
            arrayMap(mark -> bitShiftRight(mark, 2)::Int64, marks) AS used_by
        FROM forecast_ran
        ARRAY JOIN [everyones, alike, own] AS segment
        WHERE teaches AND segment IN
        (
            SELECT arrayJoin([everyones, alike, own]) FROM forecast_ran WHERE instance IN (SELECT instance FROM forecast_open)
        )
        GROUP BY segment
    ),
    running AS
    (
        SELECT
            *,
            arrayMap(sum -> exp(sum), arrayCumSum(
                arrayMap((mark, n) -> if(bitAnd(mark, 3) < 2, log(1 - 1 / n), 0), marks, at_risk))) AS shares,
            arrayCumSum(arrayMap((mark, n, before) -> if(bitAnd(mark, 3) = 0, before / n, 0), marks, at_risk,
                arrayPopBack(arrayPushFront(shares, 1.)))) AS closed_shares,
            arrayCount(mark -> bitAnd(mark, 3) = 0, marks) AS closed,
            arrayCount(used -> used <= 1000000, used_by) AS until_due,
            if(until_due = 0, 1., shares[until_due]) AS share_due,
            if(until_due = 0, 0., closed_shares[until_due]) AS closed_due
        FROM segments
    )
SELECT
    segment,
    point.1,
    least(1, share_due / point.2),
    greatest(0, (closed_due - point.3) / point.2),
    point.4,
    closed,
    used_by[-1] >= 1000000 OR share_due < 1e-12
FROM running
ARRAY JOIN arrayPushFront(
    arrayFilter((step, used, next) -> used != next AND used <= 1000000 AND step.2 > 1e-12,
        arrayMap((used, share, closed_share, n) -> (used, share, closed_share, toUInt64(n - 1)), used_by, shares, closed_shares, at_risk),
        used_by, arrayPopFront(arrayPushBack(used_by, -1))),
    (-1, 1., 0., length(marks))) AS point
