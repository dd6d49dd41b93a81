    -- Grain: CTEs: one span of a replay, as `sent_spans` takes it. Caller: included by replay_spans, replay_known_spans.
-- include: collector/replay_records
    ,
    parsed AS
    (
        SELECT
            *,
            JSONExtract(record, 'Tuple(trace_id String, span_id String, parent_span_id String, name String, kind Int32, starts UInt64, ends UInt64, status_code Int32, status_message String, service String, named_integration String, objects Array(String), attribute_keys Array(String), attribute_texts Array(String), attribute_ints Array(Nullable(Int64)), attribute_floats Array(Nullable(Float64)), attribute_bools Array(Nullable(Bool)), resource_keys Array(String), resource_texts Array(String), event_times Array(UInt64), event_names Array(String), event_keys Array(Array(String)), event_texts Array(Array(String)), linked_traces Array(String), linked_spans Array(String), longest_array UInt64, nesting UInt8)') AS r
        FROM records
        WHERE signal = 'traces'
    ),
    sent AS
    (
        SELECT
            record_id, reason, correction, changed_by, request_id, received_at, sender,
            unhex(corrected(correction, 'trace_id', r.trace_id)) AS trace_id,
            unhex(corrected(correction, 'span_id', r.span_id)) AS span_id,
            unhex(corrected(correction, 'parent_span_id', r.parent_span_id)) AS parent_span_id,
            r.name AS name, r.kind AS kind,
            if(mapContains(correction, 'start'), toUInt64(correction['start']), r.starts) AS starts,
            if(mapContains(correction, 'end'), toUInt64(correction['end']), r.ends) AS ends,
            r.status_code AS status_code, r.status_message AS status_message, r.service AS service,
            corrected(correction, 'integration', r.named_integration) AS named_integration,
            if(mapContains(correction, 'objects'), arrayFilter(t -> t != '', splitByChar(',', correction['objects'])), r.objects) AS objects,
            r.attribute_keys AS attribute_keys, r.attribute_texts AS attribute_texts, r.attribute_ints AS attribute_ints,
            r.attribute_floats AS attribute_floats, r.attribute_bools AS attribute_bools,
            r.resource_keys AS resource_keys, r.resource_texts AS resource_texts,
            r.event_times AS event_times, r.event_names AS event_names, r.event_keys AS event_keys, r.event_texts AS event_texts,
            arrayMap(t -> unhex(t), r.linked_traces) AS linked_traces,
            arrayMap(t -> unhex(t), r.linked_spans) AS linked_spans,
            r.longest_array AS longest_array, r.nesting AS nesting
        FROM parsed
    )
