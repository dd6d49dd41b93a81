    -- Grain: one approval that was asked for by {as_of}, as `approvals`. `who`: whom the event that asked names as
    -- `approver`, else the actor of the event that gave it. Caller: included by the kpis of approvals.
    approvals AS
    (
        SELECT
            p.* EXCEPT (of_model, of_handoff, opened_by, closed_by),
            multiIf(asked.approver != '', asked.approver, p.is_closed AND given.actor != '', given.actor, 'not stated') AS who
        FROM promised AS p
        LEFT JOIN
        (
            SELECT event_id, any(attributes_string['approver']) AS approver
            FROM current_events
            WHERE occurred_at <= {as_of:DateTime64(6, 'UTC')} AND mapContains(attributes_string, 'approver')
            GROUP BY event_id
        ) AS asked ON asked.event_id = p.opened_by
        LEFT JOIN
        (
            SELECT event_id, any(actor) AS actor
            FROM current_events
            WHERE occurred_at <= {as_of:DateTime64(6, 'UTC')} AND endsWith(toString(type), '.approved')
            GROUP BY event_id
        ) AS given ON given.event_id = p.closed_by
    )
