    -- Grain: one object that something was received of in the window, with the first of each kind of step that an order
    -- names, by integration: (event type, integration, at, event id, at with day and month exchanged). All that was
    -- received by {as_of} counts: the step before may be old. As `stepped`; the orders of its type as `ruled`.
    -- Caller: included by the queries of correlator.findings.Findings that compare steps.
    rule AS
    (
        SELECT r.1 AS object_type, r.2 AS befores, r.3 AS after, r.4 AS flows
        FROM (SELECT arrayJoin({orders:Array(Tuple(String, Array(String), String, Array(String)))}) AS r)
    ),
    stepped AS
    (
        SELECT object_type, object_id, max(flow) AS flow,
            groupArray((event_type, integration, first_at, first_id, swapped_at)) AS steps
        FROM
        (
            SELECT object_type::String AS object_type, object_id, event_type::String AS event_type,
                integration::String AS integration,
                min(occurred_at) AS first_at, argMin(event_id, (occurred_at, event_id)) AS first_id,
                min(addDays(occurred_at, if(toDayOfMonth(occurred_at) > 12, 0, dateDiff('day', toDate32(occurred_at),
                    makeDate32(toYear(occurred_at), toDayOfMonth(occurred_at), toMonth(occurred_at)))))) AS swapped_at,
                max(received_at) AS last_received, max(flow_type::String) AS flow,
                groupUniqArray(facility::String) AS facilities, groupUniqArray(supplier::String) AS suppliers,
                groupUniqArray(spend_category::String) AS categories, groupUniqArray(department::String) AS departments,
                groupUniqArray(criticality::String) AS criticalities
            FROM current_event_objects
            WHERE received_at <= {as_of:DateTime64(6, 'UTC')}
              AND object_type IN (SELECT object_type FROM rule)
              AND event_type IN (SELECT arrayJoin(arrayPushBack(befores, after)) FROM rule)
            GROUP BY object_type, object_id, event_type, integration
        )
        GROUP BY object_type, object_id
        HAVING count() > 1 AND max(last_received) > {since:DateTime64(6, 'UTC')}
           AND (empty({facility:Array(String)}) OR hasAny(groupUniqArrayArray(facilities), {facility:Array(String)}))
           AND (empty({supplier:Array(String)}) OR hasAny(groupUniqArrayArray(suppliers), {supplier:Array(String)}))
           AND (empty({spend_category:Array(String)}) OR hasAny(groupUniqArrayArray(categories), {spend_category:Array(String)}))
           AND (empty({department:Array(String)}) OR hasAny(groupUniqArrayArray(departments), {department:Array(String)}))
           AND (empty({criticality:Array(String)}) OR hasAny(
               arrayConcat(groupUniqArrayArray(criticalities),
                   if(hasAny(groupUniqArrayArray(criticalities), ['clinical-critical', 'low']), [], ['standard'])),
               {criticality:Array(String)}))
    ),
    ruled AS
    (
        SELECT s.object_type AS object_type, s.object_id AS object_id, r.after AS after,
            arrayFilter(step -> has(r.befores, step.1), s.steps) AS starts,
            arrayFilter(step -> step.1 = r.after, s.steps) AS stops
        FROM stepped AS s
        INNER JOIN rule AS r ON r.object_type = s.object_type
        WHERE has(r.flows, s.flow) AND notEmpty(starts) AND notEmpty(stops)
    )
