-- Grain: one handoff instance of `forecast_open`, with its chances. What those like it did that ran on from where it is (of its
-- handoff and criticality; at its facility where {enough} of those have closed) is weighed against what wider ones did, which count
-- as {prior} of them. Withheld: `few` where fewer than {enough} of its handoff and criticality have closed, or fewer than
-- {longer} of its handoff ran on; `beyond` where none was watched until it fell due. Caller: slo.forecast.Forecasts.
INSERT INTO forecast_chances
SELECT
    instance,
    if(reason = '', if(is_own, (n_own * late_own + {prior:Float64} * late_alike) / (n_own + {prior:Float64}), late_alike), NULL),
    if(reason = '', if(is_own, (n_own * in_time_own + {prior:Float64} * in_time_alike) / (n_own + {prior:Float64}), in_time_alike), NULL),
    multiIf(closed_alike < {enough:UInt32}, 'few', NOT is_watched, 'beyond', longer < {longer:UInt32}, 'few', '') AS reason,
    closed_own >= {enough:UInt32} AS is_own,
    if(is_own, closed_own, closed_alike)
FROM
(
    SELECT
        ran.instance AS instance,
        everyones.is_watched AS is_watched,
        everyones.longer AS longer,
        alike.closed AS closed_alike,
        own.closed AS closed_own,
        alike.is_watched * alike.longer AS n_alike,
        own.is_watched * own.longer AS n_own,
        (n_alike * alike.late + {prior:Float64} * everyones.late) / (n_alike + {prior:Float64}) AS late_alike,
        (n_alike * alike.in_time + {prior:Float64} * everyones.in_time) / (n_alike + {prior:Float64}) AS in_time_alike,
        own.late AS late_own,
        own.in_time AS in_time_own
    FROM (SELECT *, used::Int64 AS at FROM forecast_ran WHERE instance IN (SELECT instance FROM forecast_open)) AS ran
    ASOF LEFT JOIN forecast_curves AS everyones ON everyones.segment = ran.everyones AND ran.at >= everyones.at
    ASOF LEFT JOIN forecast_curves AS alike ON alike.segment = ran.alike AND ran.at >= alike.at
    ASOF LEFT JOIN forecast_curves AS own ON own.segment = ran.own AND ran.at >= own.at
)
