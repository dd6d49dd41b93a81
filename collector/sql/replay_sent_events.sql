    -- Grain: CTEs: one event of a replay, as `sent_events` takes it. Caller: included by replay_events, replay_known_events.
-- include: collector/replay_records
    ,
    parsed AS
    (
        SELECT
            *,
            JSONExtract(record, 'Tuple(type String, given_time String, happened UInt64, observed UInt64, trace_id String, span_id String, service String, named_integration String, objects Array(String), attribute_keys Array(String), attribute_texts Array(String), attribute_ints Array(Nullable(Int64)), attribute_floats Array(Nullable(Float64)), attribute_bools Array(Nullable(Bool)), longest_array UInt64, nesting UInt8, envelope_problem String)') AS r,
            mapFilter((k, v) -> startsWith(k, 'stallwatch.'), correction) AS fields,
            arrayMap(k -> NOT mapContains(fields, k), r.attribute_keys) AS is_kept,
            arrayMap(k -> NULL, mapKeys(fields)) AS untyped
        FROM records
        WHERE signal IN ('logs', 'cloudevents')
    ),
    sent AS
    (
        SELECT
            record_id, reason, correction, changed_by, signal, request_id, received_at, sender,
            corrected(correction, 'type', r.type) AS type,
            if(mapContains(correction, 'time'), '', r.given_time) AS given_time,
            if(mapContains(correction, 'time'), toUInt64(correction['time']), r.happened) AS happened,
            r.observed AS observed,
            unhex(corrected(correction, 'trace_id', r.trace_id)) AS trace_id,
            unhex(corrected(correction, 'span_id', r.span_id)) AS span_id,
            r.service AS service,
            corrected(correction, 'integration', r.named_integration) AS named_integration,
            if(mapContains(correction, 'objects'), arrayFilter(t -> t != '', splitByChar(',', correction['objects'])), r.objects) AS objects,
            arrayConcat(arrayFilter((k, t) -> t, r.attribute_keys, is_kept), mapKeys(fields)) AS attribute_keys,
            arrayConcat(arrayFilter((x, t) -> t, r.attribute_texts, is_kept), mapValues(fields)) AS attribute_texts,
            arrayConcat(arrayFilter((x, t) -> t, r.attribute_ints, is_kept), untyped)::Array(Nullable(Int64)) AS attribute_ints,
            arrayConcat(arrayFilter((x, t) -> t, r.attribute_floats, is_kept), untyped)::Array(Nullable(Float64)) AS attribute_floats,
            arrayConcat(arrayFilter((x, t) -> t, r.attribute_bools, is_kept), untyped)::Array(Nullable(Bool)) AS attribute_bools,
            r.longest_array AS longest_array,
            r.nesting AS nesting,
            if(mapContains(correction, 'specversion'), '', r.envelope_problem) AS envelope_problem
        FROM parsed
    )
