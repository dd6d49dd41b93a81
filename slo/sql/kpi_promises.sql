    -- Grain: one promise of the handoffs {promises} (model, handoff) that was made by {as_of}, as `promised`: how it stood
    -- then, from its first opening. What was reopened and whose clock goes on is its newest cycle (as in lag_instances).
    -- Caller: included by kpi_sync_latency and approvals.
    promised AS
    (
        SELECT
            toString(model) AS of_model, toString(handoff) AS of_handoff, toString(object_type) AS object_type, object_id,
            facility, supplier, department, spend_category, criticality, flow_type, amount, currency,
            opened_by, closed_by, first_opened_at AS at,
            ifNull(closed_at <= {as_of:DateTime64(6, 'UTC')}, false) AS is_closed,
            ifNull(cancelled_at <= {as_of:DateTime64(6, 'UTC')}, false) AND NOT is_closed AS is_cancelled,
            multiIf(is_closed, assumeNotNull(closed_at), is_cancelled, assumeNotNull(cancelled_at),
                    {as_of:DateTime64(6, 'UTC')}) AS seen_until,
            toUnixTimestamp64Micro(seen_until) - toUnixTimestamp64Micro(first_opened_at) AS lasted_us
        FROM handoffs FINAL
        WHERE is_gone = 0
            AND (model, handoff) IN {promises:Array(Tuple(String, String))}
            AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND (model, handoff, object_type, object_id, cycle) NOT IN
            (
                SELECT model, handoff, object_type, object_id, (cycle - 1)::UInt32
                FROM handoffs FINAL
                WHERE is_gone = 0 AND first_opened_at < opened_at AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            )
    )
