    -- Grain: one instance of the handoffs {promises} (model, handoff) that is open at {as_of}, as `waiting`, with whose move it
    -- is by {owned} and {owners}. Caller: included by the views of what waits for somebody.
    waiting AS
    (
        SELECT
            toString(model) AS of_model, toString(object_type) AS object_type, object_id, facility, supplier, department,
            spend_category, criticality, flow_type, amount, currency,
            first_opened_at AS since,
            due_at,
            transform(toString(handoff), {owned:Array(String)}, {owners:Array(String)}, '') AS owner
        FROM handoffs FINAL
        WHERE is_gone = 0
            AND (model, handoff) IN {promises:Array(Tuple(String, String))}
            AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
            AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
    )
