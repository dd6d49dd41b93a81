    -- Grain: one event type of one journey of {model} up to {as_of}, as `moments`: its first and its last occurrence.
    -- An event counts for a journey through an object of its own kind (purchase_order.created through a purchase order),
    -- else a sister order's events would come in through the quotation they share. Provisional journeys are left out.
    -- Caller: included by journey_lags and kpi_requisition_to_order.
    moments AS
    (
        SELECT
            members.root_type AS root_type,
            members.root_id AS root_id,
            toString(e.event_type) AS event_type,
            min(e.occurred_at) AS first_at,
            max(e.occurred_at) AS last_at
        FROM current_event_objects AS e
        INNER JOIN
        (
            SELECT root_type, root_id, object_type, object_id
            FROM journey_members FINAL
            WHERE model = {model:String} AND is_gone = 0 AND (root_type, root_id) IN
            (
                SELECT root_type, root_id
                FROM journeys FINAL
                WHERE model = {model:String} AND is_gone = 0 AND NOT provisional
                    AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
                    AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
                    AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
                    AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
-- include: core/chosen_criticality
            )
        ) AS members ON members.object_type = e.object_type AND members.object_id = e.object_id
        WHERE e.occurred_at <= {as_of:DateTime64(6, 'UTC')}
            AND splitByChar('.', toString(e.event_type))[1] = e.object_type
        GROUP BY root_type, root_id, event_type
    )
