-- Grain: the newest step of each series that is pending or firing, or is asked for. Caller: alerts.ledger.Ledger.current.
SELECT *
FROM
(
    SELECT *
    FROM alert_transitions FINAL
    ORDER BY series, episode DESC, number DESC
    LIMIT 1 BY series
)
WHERE state IN ('pending', 'firing') OR series IN {series:Array(String)}
