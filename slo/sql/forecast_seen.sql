-- Grain: one promise with a due time that was made by {as_of}, of the handoffs of `forecast_open`: first opened from {since} on, or
-- still running and not due. How it stood at {as_of}: `kind` 0 closed, 1 cancelled, 2 running; `stopped`: while its clock stood
-- still, where that is not over until then.
-- What a reversal reopened, and whose clock goes on, is the promise that it was, as in lag_instances. Caller: slo.forecast.Forecasts.
INSERT INTO forecast_seen
SELECT
    cityHash64(model::String, handoff::String, object_type::String, object_id, cycle),
    model, handoff, criticality, facility,
    toUnixTimestamp64Micro(first_opened_at),
    toUnixTimestamp64Micro(multiIf(is_closed, assumeNotNull(closed_at), is_cancelled, assumeNotNull(cancelled_at), now_at)),
    toUnixTimestamp64Micro(assumeNotNull(due_at)),
    multiIf(is_closed, 0, is_cancelled, 1, 2),
    first_opened_at >= {since:DateTime64(6, 'UTC')},
    arrayMap(stop -> (toUnixTimestamp64Micro(stop.1), toUnixTimestamp64Micro(ifNull(stop.2, now_at))), arrayConcat(stood, pauses))
FROM
(
    SELECT
        *,
        {as_of:DateTime64(6, 'UTC')} AS now_at,
        ifNull(closed_at <= now_at, false) AS is_closed,
        ifNull(cancelled_at <= now_at, false) AND NOT is_closed AS is_cancelled
    FROM handoffs FINAL
)
WHERE is_gone = 0
    AND opened_at <= now_at
    AND due_at > first_opened_at
    AND (first_opened_at >= {since:DateTime64(6, 'UTC')} OR NOT is_closed AND NOT is_cancelled AND due_at >= now_at)
    AND (model, handoff) IN (SELECT model, handoff FROM forecast_open)
    AND (model, handoff, object_type, object_id, cycle) NOT IN
    (
        SELECT model, handoff, object_type, object_id, (cycle - 1)::UInt32
        FROM handoffs FINAL
        WHERE is_gone = 0 AND first_opened_at < opened_at AND opened_at <= {as_of:DateTime64(6, 'UTC')}
    )
