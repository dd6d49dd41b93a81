    -- Grain: one event that was received in the window and holds, told once. As `told`.
    -- Caller: included by the queries of correlator.findings.Findings.
    told AS
    (
        SELECT *
        FROM told_events
        WHERE received_at > {since:DateTime64(6, 'UTC')} AND received_at <= {as_of:DateTime64(6, 'UTC')}
          AND (integration, event_id, content_hash) NOT IN
              (SELECT integration, event_id, content_hash FROM superseded_events)
          AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
          AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
          AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
          AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
    )
