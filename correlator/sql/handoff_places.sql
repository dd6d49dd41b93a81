    -- Grain: one object of this run and slice, with where it stands and what is known of it, as `place`. Objects are joined by two
    -- digests of 64 bits, which costs less than joining by type and id.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    place AS
    (
        SELECT * EXCEPT (revision, object_type, object_id),
            cityHash64(object_type, object_id) AS object_city, xxh3(object_type, object_id) AS object_xx,
            toUInt8(greatest(indexOf(criticalities, criticality::String), 1)) AS target_criticality
        FROM {run_places:Identifier} WHERE revision = {revision:UInt64}
    ),
