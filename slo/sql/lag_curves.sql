    -- Grain: one combination of group values of `instances`, as `curves`: the share that had closed after each closing, with its
    -- band. Every instance is one step: at one duration what closed comes first, then what was cancelled, then what is still
    -- open, which gives what taking those together gives. Cumulative incidence of closing with cancellation as competing risk
    -- (Aalen and Johansen 1978; without cancellations one minus Kaplan-Meier). Its variance by the delta method (Gaynor and
    -- others 1993; without cancellations Greenwood's), as F^2 u - 2 F p + q of running sums; the band by the complementary log-log
    -- (Kalbfleisch and Prentice 2002). Caller: included by lag.
    ordered AS
    (
        SELECT
            key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8,
            countIf(is_good) AS good,
            countIf(is_bad) AS bad,
            arraySort(groupArray(bitShiftLeft(lasted_us, 2) + multiIf(is_closed, 0, is_cancelled, 1, 2))) AS marks
        FROM instances
        GROUP BY key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8
    ),
    steps AS
    (
        SELECT
            * EXCEPT marks,
            arrayMap(mark -> bitShiftRight(mark, 2), marks) AS lasted,
            arrayMap(mark -> bitAnd(mark, 3) = 0, marks) AS closes,
            arrayMap(mark -> bitAnd(mark, 3) < 2, marks) AS ends,
            arrayMap(number -> number::Float64, arrayReverse(arrayEnumerate(marks))) AS at_risk
        FROM ordered
    ),
    survivals AS
    (
        SELECT
            *,
            arrayMap(sum -> exp(sum), arrayPopBack(arrayPushFront(
                arrayCumSum(arrayMap((ended, n) -> if(ended, log(1 - 1 / n), 0), ends, at_risk)), 0.
            ))) AS open_before
        FROM steps
    ),
    incidences AS
    (
        SELECT
            *,
            arrayCumSum(arrayMap((closed, n, s) -> if(closed, s / n, 0), closes, at_risk, open_before)) AS closed_share,
            -- The last one at risk adds nothing: after it the share changes no more.
            arrayMap((ended, n) -> if(ended AND n > 1, 1 / (n * (n - 1)), 0), ends, at_risk) AS spread
        FROM survivals
    ),
    sums AS
    (
        SELECT
            * EXCEPT (at_risk, open_before, spread),
            arrayCumSum(spread) AS u,
            arrayCumSum(arrayMap(
                (g, f, closed, n, s) -> f * g + if(closed, s / n / n, 0),
                spread, closed_share, closes, at_risk, open_before)) AS p,
            arrayCumSum(arrayMap(
                (g, f, closed, n, s) -> f * f * g + if(closed, s * s * (n - 1) / n / n / n + 2 * f * s / n / n, 0),
                spread, closed_share, closes, at_risk, open_before)) AS q
        FROM incidences
    ),
    -- Of the steps, those that close: nothing else changes the share or its variance.
    closings AS
    (
        SELECT
            * EXCEPT (lasted, closes, ends, closed_share, u, p, q),
            length(lasted) AS seen,
            arraySum(ends) AS ended,
            lasted[-1] AS longest_us,
            arrayFilter((t, closed) -> closed, lasted, closes) AS lasted_us,
            arrayFilter((f, closed) -> closed, closed_share, closes) AS shares,
            arrayFilter((variance, closed) -> closed,
                arrayMap((f, spreads, once, twice) -> greatest(0, f * f * spreads - 2 * f * once + twice), closed_share, u, p, q), closes) AS variances
        FROM sums
    ),
    -- How far log(-log(1 - F)) may be off: infinite where all have closed (no band), and amid steps of one duration.
    margins AS
    (
        SELECT
            *,
            arrayMap(
                (t, next, f, variance) -> if(t = next OR f > 1 - 1e-12, nan,
                    {quantile:Float64} * sqrt(variance) / ((1 - f) * -log(1 - f))),
                lasted_us, arrayPopFront(arrayPushBack(lasted_us, -1)), shares, variances) AS margin
        FROM closings
    ),
    curves AS
    (
        SELECT
            * EXCEPT margin,
            arrayMap((f, m) -> 1 - pow(1 - f, exp(-m)), shares, margin) AS lower_shares,
            arrayMap((f, m) -> 1 - pow(1 - f, exp(m)), shares, margin) AS upper_shares
        FROM margins
    )
