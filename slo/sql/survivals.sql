    -- Grain: one distinct duration (`lasted_us`) in one group (`keys`) of `instances`, as `incidences`: the estimated
    -- share that had closed by then. Cumulative incidence of closing with cancellation as competing risk (Aalen and
    -- Johansen 1978; without cancellations it is one minus Kaplan-Meier); what is neither closed nor cancelled is
    -- censored when it was last seen. Caller: included by lag and kpi_invoice_cycle_time_all.
    moments AS
    (
        SELECT
            keys,
            lasted_us,
            count() AS seen,
            countIf(is_closed) AS closings,
            countIf(is_cancelled) AS cancellations,
            countIf(is_good) AS good,
            countIf(is_bad) AS bad
        FROM instances
        GROUP BY keys, lasted_us
    ),
    risks AS
    (
        SELECT *, sum(seen) OVER (PARTITION BY keys ORDER BY lasted_us DESC) AS at_risk
        FROM moments
    ),
    survivals AS
    (
        SELECT
            *,
            exp(sum(log(1 - (closings + cancellations) / at_risk)) OVER (
                PARTITION BY keys ORDER BY lasted_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )) AS open_before
        FROM risks
    ),
    incidences AS
    (
        SELECT
            *,
            sum(open_before * closings / at_risk) OVER (PARTITION BY keys ORDER BY lasted_us) AS closed_share,
            sum(closings) OVER (PARTITION BY keys ORDER BY lasted_us)
                / greatest(1, sum(closings) OVER (PARTITION BY keys)) AS share_of_closed
        FROM survivals
    )
