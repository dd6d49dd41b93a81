    -- Grain: one handoff of the models, as `definition`. Caller: included by stalls_due and stall_causes.
    definition AS
    (
        SELECT d.1 AS model, d.2 AS handoff, d.3 AS title, d.4 AS owner, d.5 AS awaits, d.6 AS starts_elsewhere, d.7 AS needs
        FROM
        (
            SELECT arrayJoin({definitions:Array(Tuple(String, String, String, String, String, Bool,
                Array(Tuple(String, String, Array(String), String, Array(String), Array(String)))))}) AS d
        )
    )