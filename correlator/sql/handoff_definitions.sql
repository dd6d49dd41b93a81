    -- Grain: what a model says of its handoffs: `definition`, `target`, `place_target`. A handoff is its place in {keys}, and a
    -- criticality its place in `criticalities`: rows find their own by numbers, texts cost more.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    ['standard', 'clinical-critical', 'low'] AS criticalities,
    definition AS
    (
        SELECT toUInt16(indexOf({keys:Array(String)}, d.1)) AS handoff, d.2 AS flow_types, d.3 AS calendar, d.4 AS grace_unit, d.5 AS grace, d.6 AS limits
        FROM
        (
            SELECT arrayJoin({definitions:Array(Tuple(String, Array(String), String, String, Int64, Array(Tuple(String, Array(String)))))}) AS d
        )
    ),
    target AS
    (
        SELECT toUInt16(indexOf({keys:Array(String)}, t.1)) AS handoff, toUInt8(indexOf(criticalities, t.2)) AS criticality, t.3 AS unit, t.4 AS amount
        FROM (SELECT arrayJoin({targets:Array(Tuple(String, String, String, Int64))}) AS t)
    ),
    -- Targets of certain places, by facility: its own before its region's before its kind's.
    place_target AS
    (
        SELECT handoff, criticality, facility, argMin((unit, amount), rank) AS target
        FROM
        (
            SELECT handoff, criticality, unit, amount, rank, arrayJoin(if(rank = 1, [name], facilities)) AS facility
            FROM
            (
                SELECT toUInt16(indexOf({keys:Array(String)}, t.1)) AS handoff, t.2 AS rank, t.3 AS name,
                    toUInt8(indexOf(criticalities, t.4)) AS criticality, t.5 AS unit, t.6 AS amount
                FROM (SELECT arrayJoin({place_targets:Array(Tuple(String, UInt8, String, String, String, Int64))}) AS t)
            ) AS t
            LEFT JOIN
            (
                SELECT place.1 AS rank, place.2 AS name, groupArray(facility) AS facilities
                FROM (SELECT facility, arrayJoin([(2::UInt8, region::String), (3::UInt8, kind::String)]) AS place FROM facilities FINAL)
                GROUP BY rank, name
            ) AS f USING (rank, name)
        )
        GROUP BY handoff, criticality, facility
    ),
