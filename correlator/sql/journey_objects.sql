    -- Grain: CTEs: `member`, one object of the journey; `sent`, one id, its own or another, under which facts name one.
    -- Caller: included by journey_traces and journey_spans (correlator.timeline).
    member AS
    (
        SELECT object_type, object_id FROM journey_members FINAL
        WHERE model = {model:String} AND root_type = {root_type:String} AND root_id = {root_id:String}
    ),
    sent AS
    (
        SELECT object_type, object_id FROM member
        UNION ALL
        SELECT object_type, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN member
    )
