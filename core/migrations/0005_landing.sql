-- Landing: ClickHouse decodes what the collector accepted. A Null table takes the wire form as nested columns
-- (`collector/otlp.proto` is its schema); a view flattens it into one row a record, with `problem` = '' or the reason
-- (a closed set) and the offending values as they were given; further views store good rows in the facts and bad ones
-- in quarantine. Decoding never raises: one bad record must not fail its neighbours.
-- `received_at` (microseconds) and `request_id` are stamped on by the collector.
-- An attribute value keeps its type; arrays and key-value lists become JSON text, and what is nested deeper than one
-- level is kept as base64 of its wire form; bytes become base64.

ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS `events.attributes` Array(Map(LowCardinality(String), String)) AFTER `events.name`,
    ADD COLUMN IF NOT EXISTS `links.trace_id` Array(FixedString(16)) AFTER `events.attributes`,
    ADD COLUMN IF NOT EXISTS `links.span_id` Array(FixedString(8)) AFTER `links.trace_id`;

CREATE TABLE IF NOT EXISTS landing_spans
(
    resource_spans Array(Tuple(
        resource Tuple(attributes Array(Tuple(key String, value Tuple(
            string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
            array_value Tuple(values Array(Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String)))),
            kvlist_value Tuple(values Array(Tuple(key String, value Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String))))),
            bytes_value Nullable(String))))),
        scope_spans Array(Tuple(spans Array(Tuple(
            trace_id String,
            span_id String,
            parent_span_id String,
            name String,
            kind Int32,
            start_time_unix_nano UInt64,
            end_time_unix_nano UInt64,
            attributes Array(Tuple(key String, value Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Tuple(values Array(Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String)))),
                kvlist_value Tuple(values Array(Tuple(key String, value Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String))))),
                bytes_value Nullable(String)))),
            events Array(Tuple(time_unix_nano UInt64, name String, attributes Array(Tuple(key String, value Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Tuple(values Array(Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String)))),
                kvlist_value Tuple(values Array(Tuple(key String, value Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String))))),
                bytes_value Nullable(String)))))),
            links Array(Tuple(trace_id String, span_id String)),
            status Tuple(message String, code Int32))))))),
    received_at UInt64,
    request_id  String
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS decoded_spans
(
    trace_id            FixedString(16),
    span_id             FixedString(8),
    parent_span_id      FixedString(8),
    integration         LowCardinality(String),
    service             LowCardinality(String),
    name                LowCardinality(String),
    kind                Int8,
    started_at          DateTime64(9, 'UTC'),
    received_at         DateTime64(6, 'UTC'),
    duration_ns         UInt64,
    status_code         Int8,
    status_message      String,
    objects             Array(Tuple(type LowCardinality(String), id String)),
    attributes_string   Map(LowCardinality(String), String),
    attributes_int      Map(LowCardinality(String), Int64),
    attributes_float    Map(LowCardinality(String), Float64),
    attributes_bool     Map(LowCardinality(String), Bool),
    resource            Map(LowCardinality(String), String),
    `events.at`         Array(DateTime64(9, 'UTC')),
    `events.name`       Array(LowCardinality(String)),
    `events.attributes` Array(Map(LowCardinality(String), String)),
    `links.trace_id`    Array(FixedString(16)),
    `links.span_id`     Array(FixedString(8)),
    request_id          String,
    given_trace_id      String,
    given_span_id       String,
    given_parent_id     String,
    given_start         UInt64,
    given_end           UInt64,
    given_objects       Array(String),
    problem             LowCardinality(String)
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_spans_mv TO decoded_spans AS
WITH
    (l -> multiIf(
        isNotNull(l.string_value), toJSONString(assumeNotNull(l.string_value)),
        isNotNull(l.int_value), toString(assumeNotNull(l.int_value)),
        isNotNull(l.double_value), toString(assumeNotNull(l.double_value)),
        isNotNull(l.bool_value), toString(assumeNotNull(l.bool_value)),
        isNotNull(l.bytes_value) OR isNotNull(l.array_value) OR isNotNull(l.kvlist_value),
            concat('"', base64Encode(concat(
                ifNull(l.bytes_value, ''), ifNull(l.array_value, ''), ifNull(l.kvlist_value, ''))), '"'),
        'null')) AS leaf_json,
    ((elements, members, bytes) -> multiIf(
        notEmpty(elements), concat('[', arrayStringConcat(arrayMap(l -> leaf_json(l), elements), ','), ']'),
        notEmpty(members), concat('{', arrayStringConcat(arrayMap(
            m -> concat(toJSONString(m.key), ':', leaf_json(m.value)), members), ','), '}'),
        base64Encode(ifNull(bytes, '')))) AS rare_text,
    (v -> coalesce(v.string_value, toString(v.int_value), toString(v.double_value), toString(v.bool_value),
        rare_text(v.array_value.values, v.kvlist_value.values, v.bytes_value))) AS value_text,
    (r -> position(r, ':') BETWEEN 2 AND length(r) - 1) AS is_reference,
    (r -> tuple(substring(r, 1, position(r, ':') - 1), substring(r, position(r, ':') + 1))) AS reference,
    resources AS (SELECT arrayJoin(resource_spans) AS rs, received_at, request_id FROM landing_spans),
    scopes AS
    (
        SELECT
            arrayJoin(rs.scope_spans) AS ss,
            CAST(mapFromArrays(
                rs.resource.attributes.key,
                arrayMap(v -> value_text(v), rs.resource.attributes.value)), 'Map(LowCardinality(String), String)') AS resource,
            received_at,
            request_id
        FROM resources
    ),
    records AS
    (
        SELECT
            arrayJoin(ss.spans) AS s,
            s.attributes.key AS attribute_keys,
            s.attributes.value AS attribute_values,
            indexOf(attribute_keys, 'stallwatch.objects') AS objects_at,
            resource,
            received_at,
            request_id
        FROM scopes
    ),
    texts AS
    (
        SELECT
            s, attribute_keys, attribute_values, resource, received_at, request_id,
            arrayElement(attribute_values.array_value.values, objects_at).string_value AS objects_listed,
            ifNull(arrayElement(attribute_values.string_value, objects_at), '') AS objects_text,
            arrayDistinct(if(objects_text = '', arrayMap(x -> ifNull(x, ''), objects_listed), [objects_text])) AS given_objects,
            if(resource['service.name'] != '', resource['service.name'], 'unknown_service') AS service,
            arrayMap((x, a, m, b) -> ifNull(x, rare_text(a, m, b)),
                attribute_values.string_value, attribute_values.array_value.values, attribute_values.kvlist_value.values,
                attribute_values.bytes_value) AS attribute_texts,
            arrayMap((k, i, d, b) -> isNull(i) AND isNull(d) AND isNull(b) AND k != 'stallwatch.objects',
                attribute_keys, attribute_values.int_value, attribute_values.double_value, attribute_values.bool_value) AS is_text,
            s.start_time_unix_nano AS starts,
            s.end_time_unix_nano AS ends,
            NOT (starts BETWEEN 631152000000000000 AND 7258118399999999999) OR ends > 7258118399999999999
                AS out_of_range -- 1990 to 2200
        FROM records
    )
SELECT
    toFixedString(substring(s.trace_id, 1, 16), 16) AS trace_id,
    toFixedString(substring(s.span_id, 1, 8), 8) AS span_id,
    toFixedString(substring(s.parent_span_id, 1, 8), 8) AS parent_span_id,
    if(resource['stallwatch.integration'] != '', resource['stallwatch.integration'], service) AS integration,
    service,
    s.name AS name,
    toInt8(s.kind) AS kind,
    fromUnixTimestamp64Nano(if(out_of_range, 0, toInt64(starts)), 'UTC') AS started_at,
    fromUnixTimestamp64Micro(toInt64(received_at), 'UTC') AS received_at,
    if(ends > starts AND NOT out_of_range, ends - starts, 0) AS duration_ns,
    toInt8(s.status.code) AS status_code,
    s.status.message AS status_message,
    arrayMap(r -> reference(r), given_objects) AS objects,
    mapFromArrays(
        arrayFilter((k, t) -> t, attribute_keys, is_text),
        arrayFilter((x, t) -> t, attribute_texts, is_text)) AS attributes_string,
    mapFromArrays(
        arrayFilter((k, x) -> isNotNull(x), attribute_keys, attribute_values.int_value),
        arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), attribute_values.int_value))) AS attributes_int,
    mapFromArrays(
        arrayFilter((k, x) -> isNotNull(x), attribute_keys, attribute_values.double_value),
        arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), attribute_values.double_value))) AS attributes_float,
    mapFromArrays(
        arrayFilter((k, x) -> isNotNull(x), attribute_keys, attribute_values.bool_value),
        arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), attribute_values.bool_value))) AS attributes_bool,
    resource,
    arrayMap(t -> fromUnixTimestamp64Nano(toInt64(least(t, 7258118399999999999)), 'UTC'), s.events.time_unix_nano) AS `events.at`,
    s.events.name AS `events.name`,
    arrayMap(a -> mapFromArrays(a.key, arrayMap(v -> value_text(v), a.value)), s.events.attributes) AS `events.attributes`,
    arrayMap(t -> toFixedString(substring(t, 1, 16), 16), s.links.trace_id) AS `links.trace_id`,
    arrayMap(t -> toFixedString(substring(t, 1, 8), 8), s.links.span_id) AS `links.span_id`,
    request_id,
    s.trace_id AS given_trace_id,
    s.span_id AS given_span_id,
    s.parent_span_id AS given_parent_id,
    starts AS given_start,
    ends AS given_end,
    given_objects,
    multiIf(
        length(s.trace_id) != 16 OR s.trace_id = unhex('00000000000000000000000000000000'), 'bad_trace_id',
        length(s.span_id) != 8 OR s.span_id = unhex('0000000000000000'), 'bad_span_id',
        length(s.parent_span_id) NOT IN (0, 8), 'bad_parent_span_id',
        starts = 0, 'no_timestamp',
        out_of_range OR (ends != 0 AND ends < starts), 'bad_timestamp',
        arrayExists(r -> NOT is_reference(r), given_objects), 'bad_object_reference',
        '') AS problem
FROM texts;

CREATE MATERIALIZED VIEW IF NOT EXISTS spans_mv TO spans AS
SELECT
    trace_id, span_id, parent_span_id, integration, service, name, kind, started_at, received_at, duration_ns,
    status_code, status_message, objects, attributes_string, attributes_int, attributes_float, attributes_bool, resource,
    `events.at`, `events.name`, `events.attributes`, `links.trace_id`, `links.span_id`, request_id
FROM decoded_spans
WHERE problem = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS span_objects_mv TO span_objects AS
SELECT
    object.type AS object_type, object.id AS object_id, started_at, trace_id, span_id, integration, service, name,
    duration_ns, status_code, status_message
FROM decoded_spans
ARRAY JOIN objects AS object
WHERE problem = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_mv TO trace_index AS
SELECT
    trace_id,
    min(decoded_spans.started_at) AS started_at,
    max(addNanoseconds(decoded_spans.started_at, duration_ns)) AS ended_at
FROM decoded_spans
WHERE problem = ''
GROUP BY trace_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS quarantined_spans_mv TO quarantine AS
SELECT
    received_at AS quarantined_at,
    integration,
    'traces' AS signal,
    problem AS reason,
    multiIf(
        problem = 'bad_trace_id', lower(hex(given_trace_id)),
        problem = 'bad_span_id', lower(hex(given_span_id)),
        problem = 'bad_parent_span_id', lower(hex(given_parent_id)),
        problem = 'bad_timestamp', concat('start ', toString(given_start), ' ns, end ', toString(given_end), ' ns'),
        problem = 'bad_object_reference', toJSONString(given_objects),
        '') AS detail,
    toJSONString(tuple(
        lower(hex(given_trace_id)), lower(hex(given_span_id)), lower(hex(given_parent_id)), service, name, kind, started_at, duration_ns,
        status_code, status_message, given_objects, attributes_string, attributes_int, attributes_float, attributes_bool, resource,
        `events.at`, `events.name`, `events.attributes`, arrayMap(t -> lower(hex(t)), `links.trace_id`)
    )::Tuple(
        trace_id String, span_id String, parent_span_id String, service String, name String, kind Int8,
        started_at DateTime64(9, 'UTC'), duration_ns UInt64, status_code Int8, status_message String,
        objects Array(String), attributes_string Map(String, String),
        attributes_int Map(String, Int64), attributes_float Map(String, Float64), attributes_bool Map(String, Bool),
        resource Map(String, String), events_at Array(DateTime64(9, 'UTC')), events_name Array(String),
        events_attributes Array(Map(String, String)), linked_traces Array(String)
    )) AS record,
    request_id
FROM decoded_spans
WHERE problem != '';

CREATE TABLE IF NOT EXISTS landing_logs
(
    resource_logs Array(Tuple(
        resource Tuple(attributes Array(Tuple(key String, value Tuple(
            string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
            array_value Tuple(values Array(Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String)))),
            kvlist_value Tuple(values Array(Tuple(key String, value Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String))))),
            bytes_value Nullable(String))))),
        scope_logs Array(Tuple(log_records Array(Tuple(
            time_unix_nano UInt64,
            observed_time_unix_nano UInt64,
            severity_text String,
            body Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Tuple(values Array(Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String)))),
                kvlist_value Tuple(values Array(Tuple(key String, value Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String))))),
                bytes_value Nullable(String)),
            attributes Array(Tuple(key String, value Tuple(
                string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                array_value Tuple(values Array(Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String)))),
                kvlist_value Tuple(values Array(Tuple(key String, value Tuple(
                    string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), double_value Nullable(Float64),
                    array_value Nullable(String), kvlist_value Nullable(String), bytes_value Nullable(String))))),
                bytes_value Nullable(String)))),
            trace_id String,
            span_id String,
            event_name String)))))),
    received_at UInt64,
    request_id  String
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS landing_cloudevents
(
    event       String,
    received_at UInt64,
    request_id  String
)
ENGINE = Null;

-- Grain: one business event of either wire form.
CREATE TABLE IF NOT EXISTS decoded_events
(
    signal            LowCardinality(String),
    event_id          String,
    integration       LowCardinality(String),
    type              LowCardinality(String),
    occurred_at       DateTime64(6, 'UTC'),
    received_at       DateTime64(6, 'UTC'),
    told_at           DateTime64(6, 'UTC'), -- when its sender observed it, else when it came
    stored_at         DateTime64(6, 'UTC'),
    subject_type      LowCardinality(String),
    subject_id        String,
    objects           Array(Tuple(type LowCardinality(String), id String)),
    facility          LowCardinality(String),
    supplier          LowCardinality(String),
    department        LowCardinality(String),
    spend_category    LowCardinality(String),
    criticality       LowCardinality(String),
    flow_type         LowCardinality(String),
    amount            Nullable(Decimal(18, 4)),
    currency          LowCardinality(String),
    actor             String,
    reason            LowCardinality(String),
    trace_id          FixedString(16),
    span_id           FixedString(8),
    attributes_string Map(LowCardinality(String), String),
    attributes_int    Map(LowCardinality(String), Int64),
    attributes_float  Map(LowCardinality(String), Float64),
    attributes_bool   Map(LowCardinality(String), Bool),
    request_id        String,
    content_hash      UInt64,
    given_trace_id    String,
    given_span_id     String,
    given_time        String,
    given_objects     Array(String),
    given_amount      String,
    given_event       String,
    problem           LowCardinality(String)
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_logs_mv TO decoded_events AS
WITH
    (l -> multiIf(
        isNotNull(l.string_value), toJSONString(assumeNotNull(l.string_value)),
        isNotNull(l.int_value), toString(assumeNotNull(l.int_value)),
        isNotNull(l.double_value), toString(assumeNotNull(l.double_value)),
        isNotNull(l.bool_value), toString(assumeNotNull(l.bool_value)),
        isNotNull(l.bytes_value) OR isNotNull(l.array_value) OR isNotNull(l.kvlist_value),
            concat('"', base64Encode(concat(
                ifNull(l.bytes_value, ''), ifNull(l.array_value, ''), ifNull(l.kvlist_value, ''))), '"'),
        'null')) AS leaf_json,
    ((elements, members, bytes) -> multiIf(
        notEmpty(elements), concat('[', arrayStringConcat(arrayMap(l -> leaf_json(l), elements), ','), ']'),
        notEmpty(members), concat('{', arrayStringConcat(arrayMap(
            m -> concat(toJSONString(m.key), ':', leaf_json(m.value)), members), ','), '}'),
        base64Encode(ifNull(bytes, '')))) AS rare_text,
    (v -> coalesce(v.string_value, toString(v.int_value), toString(v.double_value), toString(v.bool_value),
        rare_text(v.array_value.values, v.kvlist_value.values, v.bytes_value))) AS value_text,
    (r -> position(r, ':') BETWEEN 2 AND length(r) - 1) AS is_reference,
    (r -> tuple(substring(r, 1, position(r, ':') - 1), substring(r, position(r, ':') + 1))) AS reference,
    [
        'stallwatch.event.id', 'stallwatch.subject', 'stallwatch.objects', 'stallwatch.facility', 'stallwatch.supplier',
        'stallwatch.department', 'stallwatch.spend_category', 'stallwatch.criticality', 'stallwatch.flow_type',
        'stallwatch.amount', 'stallwatch.currency', 'stallwatch.actor', 'stallwatch.reason'] AS promoted,
    resources AS (SELECT arrayJoin(resource_logs) AS rl, received_at, request_id FROM landing_logs),
    scopes AS
    (
        SELECT
            arrayJoin(rl.scope_logs) AS sl,
            rl.resource.attributes.key AS resource_keys,
            rl.resource.attributes.value.string_value AS resource_values,
            ifNull(arrayElement(resource_values, indexOf(resource_keys, 'stallwatch.integration')), '') AS named_integration,
            ifNull(arrayElement(resource_values, indexOf(resource_keys, 'service.name')), '') AS service,
            multiIf(named_integration != '', named_integration, service != '', service, 'unknown_service') AS integration,
            received_at,
            request_id
        FROM resources
    ),
    records AS
    (
        SELECT
            arrayJoin(sl.log_records) AS r,
            r.attributes.key AS attribute_keys,
            r.attributes.value AS attribute_values,
            if(r.time_unix_nano != 0, r.time_unix_nano, r.observed_time_unix_nano) AS happened,
            NOT (happened BETWEEN 631152000000000000 AND 7258118399999999999) AS out_of_range, -- 1990 to 2200
            intDiv(r.observed_time_unix_nano, 1000) AS observed_us,
            integration,
            received_at,
            request_id
        FROM scopes
    ),
    texts AS
    (
        SELECT
            r, attribute_keys, attribute_values, happened, out_of_range, observed_us, integration, received_at, request_id,
            arrayMap((s, i, d, t, a, m, b) -> coalesce(s, toString(i), toString(d), toString(t), rare_text(a, m, b)),
                attribute_values.string_value, attribute_values.int_value, attribute_values.double_value,
                attribute_values.bool_value, attribute_values.array_value.values, attribute_values.kvlist_value.values,
                attribute_values.bytes_value) AS attribute_texts,
            arrayMap((k, i, d, b) -> isNull(i) AND isNull(d) AND isNull(b) AND NOT has(promoted, k),
                attribute_keys, attribute_values.int_value, attribute_values.double_value, attribute_values.bool_value) AS is_text,
            indexOf(attribute_keys, 'stallwatch.objects') AS objects_at,
            arrayElement(attribute_values.array_value.values, objects_at).string_value AS objects_listed,
            ifNull(arrayElement(attribute_values.string_value, objects_at), '') AS objects_text,
            value_text(r.body) AS body_text
        FROM records
    ),
    fields AS
    (
        SELECT
            integration, received_at, request_id, happened, out_of_range, observed_us,
            r.event_name AS type,
            fromUnixTimestamp64Micro(if(out_of_range, 0, toInt64(intDiv(happened, 1000))), 'UTC') AS occurred_at,
            r.trace_id AS given_trace_id,
            r.span_id AS given_span_id,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.event.id')) AS given_id,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.subject')) AS subject,
            arrayDistinct(arrayConcat(
                if(subject != '', [subject], []),
                if(objects_text = '', arrayMap(x -> ifNull(x, ''), objects_listed), [objects_text]))) AS given_objects,
            trimBoth(arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.amount'))) AS given_amount,
            toDecimal64OrNull(toString(round(toDecimal128OrNull(given_amount, 12), 4)), 4) AS amount,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.facility')) AS facility,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.supplier')) AS supplier,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.department')) AS department,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.spend_category')) AS spend_category,
            lower(arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.criticality'))) AS criticality,
            lower(arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.flow_type'))) AS flow_type,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.currency')) AS currency,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.actor')) AS actor,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.reason')) AS reason,
            mapFromArrays(
                arrayConcat(arrayFilter((k, t) -> t, attribute_keys, is_text), if(body_text = '', [], ['body'])),
                arrayConcat(arrayFilter((x, t) -> t, attribute_texts, is_text), if(body_text = '', [], [body_text]))
            ) AS attributes_string,
            mapFromArrays(
                arrayFilter((k, x) -> isNotNull(x) AND NOT has(promoted, k), attribute_keys, attribute_values.int_value),
                arrayMap(x -> assumeNotNull(x), arrayFilter(
                    (x, k) -> isNotNull(x) AND NOT has(promoted, k), attribute_values.int_value, attribute_keys))) AS attributes_int,
            mapFromArrays(
                arrayFilter((k, x) -> isNotNull(x) AND NOT has(promoted, k), attribute_keys, attribute_values.double_value),
                arrayMap(x -> assumeNotNull(x), arrayFilter(
                    (x, k) -> isNotNull(x) AND NOT has(promoted, k), attribute_values.double_value, attribute_keys))) AS attributes_float,
            mapFromArrays(
                arrayFilter((k, x) -> isNotNull(x) AND NOT has(promoted, k), attribute_keys, attribute_values.bool_value),
                arrayMap(x -> assumeNotNull(x), arrayFilter(
                    (x, k) -> isNotNull(x) AND NOT has(promoted, k), attribute_values.bool_value, attribute_keys))) AS attributes_bool
        FROM texts
    )
SELECT
    'logs' AS signal,
    if(given_id != '', given_id, lower(hex(sipHash128(integration, type, subject, occurred_at)))) AS event_id,
    integration,
    type,
    occurred_at,
    fromUnixTimestamp64Micro(toInt64(received_at), 'UTC') AS received_at,
    fromUnixTimestamp64Micro(toInt64(if(observed_us = 0, fields.received_at, least(observed_us, fields.received_at))), 'UTC') AS told_at,
    now64(6, 'UTC') AS stored_at,
    if(subject = '', '', reference(subject).1) AS subject_type,
    if(subject = '', '', reference(subject).2) AS subject_id,
    arrayMap(r -> reference(r), given_objects) AS objects,
    facility, supplier, department, spend_category, criticality, flow_type, amount, currency, actor, reason,
    toFixedString(substring(given_trace_id, 1, 16), 16) AS trace_id,
    toFixedString(substring(given_span_id, 1, 8), 8) AS span_id,
    attributes_string, attributes_int, attributes_float, attributes_bool,
    request_id,
    cityHash64(
        event_id, type, occurred_at, subject_type, subject_id, objects, facility, supplier, department, spend_category,
        criticality, flow_type, ifNull(toString(amount), ''), currency, actor, reason, trace_id, span_id,
        attributes_string, attributes_int, attributes_float, attributes_bool) AS content_hash,
    given_trace_id,
    given_span_id,
    if(out_of_range, concat(toString(happened), ' ns'), '') AS given_time,
    given_objects,
    given_amount,
    '' AS given_event,
    multiIf(
        type = '', 'no_event_type',
        happened = 0, 'no_timestamp',
        out_of_range, 'bad_timestamp',
        length(given_trace_id) NOT IN (0, 16), 'bad_trace_id',
        length(given_span_id) NOT IN (0, 8), 'bad_span_id',
        type = 'object.described' AND subject = '', 'no_subject',
        arrayExists(r -> NOT is_reference(r), given_objects), 'bad_object_reference',
        given_amount != '' AND isNull(amount), 'bad_amount',
        '') AS problem
FROM fields;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_cloudevents_mv TO decoded_events AS
WITH
    (r -> position(r, ':') BETWEEN 2 AND length(r) - 1) AS is_reference,
    (r -> tuple(substring(r, 1, position(r, ':') - 1), substring(r, position(r, ':') + 1))) AS reference,
    (raw -> multiIf(startsWith(raw, '"'), JSONExtractString(raw), raw = 'null', '', raw)) AS raw_text,
    -- A reference is text, or an object with type and id; whatever else stands there is a bad one.
    (raw -> multiIf(
        startsWith(raw, '"'), JSONExtractString(raw),
        startsWith(raw, '{'), concat(JSONExtractString(raw, 'type'), ':', JSONExtractString(raw, 'id')),
        '')) AS reference_text,
    ['id', 'source', 'specversion', 'type', 'time', 'subject', 'data', 'integration', 'datacontenttype'] AS envelope,
    [
        'objects', 'facility', 'supplier', 'department', 'spend_category', 'criticality', 'flow_type', 'amount', 'currency',
        'actor', 'reason'] AS promoted,
    envelopes AS
    (
        SELECT
            event, received_at, request_id,
            CAST(JSONExtractKeysAndValuesRaw(event), 'Map(String, String)') AS top,
            if(startsWith(top['data'], '{'), JSONExtractKeysAndValuesRaw(top['data']), []) AS members,
            -- Kept: the members of data, the extension attributes, and data itself where it is not an object.
            arrayFilter(m -> NOT has(promoted, m.1) AND m.2 != 'null', members) AS plain_members,
            arrayFilter((k, v) -> NOT has(envelope, k) OR (k = 'data' AND empty(members) AND v NOT IN ('null', '{}')),
                mapKeys(top), mapValues(top)) AS extension_keys
        FROM landing_cloudevents
    ),
    raws AS
    (
        SELECT
            event, received_at, request_id, members,
            arrayConcat(plain_members.1, extension_keys) AS kept_keys,
            arrayConcat(plain_members.2, arrayMap(k -> top[k], extension_keys)) AS kept_raws,
            arrayMap(raw -> if(match(raw, '^-?[0-9]'), toInt64OrNull(raw), NULL), kept_raws) AS kept_ints,
            arrayMap(raw -> if(match(raw, '^-?[0-9]'), toFloat64OrNull(raw), NULL), kept_raws) AS kept_numbers,
            raw_text(top['id']) AS given_id,
            raw_text(top['type']) AS type,
            if(raw_text(top['integration']) != '', raw_text(top['integration']), raw_text(top['source'])) AS integration,
            raw_text(top['time']) AS given_time,
            if(top['subject'] IN ('', 'null'), '', if(startsWith(top['subject'], '"'), JSONExtractString(top['subject']), ':')) AS given_subject,
            extractGroups(given_subject, '^([^/:]+)[/:](.+)$') AS subject_parts,
            extractGroups(
                raw_text(top['traceparent']), '^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}') AS trace_parts,
            raw_text(arrayElement(members.2, indexOf(members.1, 'facility'))) AS facility,
            raw_text(arrayElement(members.2, indexOf(members.1, 'supplier'))) AS supplier,
            raw_text(arrayElement(members.2, indexOf(members.1, 'department'))) AS department,
            raw_text(arrayElement(members.2, indexOf(members.1, 'spend_category'))) AS spend_category,
            lower(raw_text(arrayElement(members.2, indexOf(members.1, 'criticality')))) AS criticality,
            lower(raw_text(arrayElement(members.2, indexOf(members.1, 'flow_type')))) AS flow_type,
            raw_text(arrayElement(members.2, indexOf(members.1, 'currency'))) AS currency,
            raw_text(arrayElement(members.2, indexOf(members.1, 'actor'))) AS actor,
            raw_text(arrayElement(members.2, indexOf(members.1, 'reason'))) AS reason,
            arrayElement(members.2, indexOf(members.1, 'objects')) AS objects_raw,
            trimBoth(raw_text(arrayElement(members.2, indexOf(members.1, 'amount')))) AS given_amount
        FROM envelopes
    ),
    fields AS
    (
        SELECT
            event, received_at, request_id, given_id, type, integration, given_time, given_amount,
            facility, supplier, department, spend_category, criticality, flow_type, currency, actor, reason,
            if(empty(subject_parts), given_subject, concat(subject_parts[1], ':', subject_parts[2])) AS subject,
            arrayDistinct(arrayConcat(
                if(subject != '', [subject], []),
                multiIf(
                    objects_raw IN ('', 'null', '""'), [],
                    startsWith(objects_raw, '['), arrayMap(x -> reference_text(x), JSONExtractArrayRaw(objects_raw)),
                    [reference_text(objects_raw)]))) AS given_objects,
            toDecimal64OrNull(toString(round(toDecimal128OrNull(given_amount, 12), 4)), 4) AS amount,
            -- RFC 3339, with its zone: a time without one could mean anything.
            if(match(given_time, concat(
                    '^(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?',
                    '([Zz]|[+-](0[0-9]|1[0-4]):[0-5][0-9])$')),
                parseDateTime64BestEffortOrNull(upper(given_time), 6, 'UTC'), NULL) AS happened,
            ifNull(happened NOT BETWEEN '1990-01-01 00:00:00' AND '2199-12-31 23:59:59.999999', true) AS out_of_range,
            if(out_of_range, toDateTime64(0, 6, 'UTC'), assumeNotNull(happened)) AS occurred_at,
            unhex(trace_parts[1]) AS given_trace_id,
            unhex(trace_parts[2]) AS given_span_id,
            mapFromArrays(
                arrayFilter((k, raw, n) -> isNull(n) AND raw NOT IN ('true', 'false'), kept_keys, kept_raws, kept_numbers),
                arrayMap(raw -> raw_text(raw), arrayFilter(
                    (raw, n) -> isNull(n) AND raw NOT IN ('true', 'false'), kept_raws, kept_numbers))) AS attributes_string,
            mapFromArrays(
                arrayFilter((k, x) -> isNotNull(x), kept_keys, kept_ints),
                arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), kept_ints))) AS attributes_int,
            mapFromArrays(
                arrayFilter((k, i, n) -> isNull(i) AND isNotNull(n), kept_keys, kept_ints, kept_numbers),
                arrayMap(x -> assumeNotNull(x), arrayFilter(
                    (n, i) -> isNull(i) AND isNotNull(n), kept_numbers, kept_ints))) AS attributes_float,
            mapFromArrays(
                arrayFilter((k, raw) -> raw IN ('true', 'false'), kept_keys, kept_raws),
                arrayMap(raw -> raw = 'true', arrayFilter(raw -> raw IN ('true', 'false'), kept_raws))) AS attributes_bool
        FROM raws
    )
SELECT
    'cloudevents' AS signal,
    if(given_id != '', given_id, lower(hex(sipHash128(integration, type, subject, occurred_at)))) AS event_id,
    integration,
    type,
    occurred_at,
    fromUnixTimestamp64Micro(toInt64(received_at), 'UTC') AS received_at,
    received_at AS told_at,
    now64(6, 'UTC') AS stored_at,
    if(subject = '', '', reference(subject).1) AS subject_type,
    if(subject = '', '', reference(subject).2) AS subject_id,
    arrayMap(r -> reference(r), given_objects) AS objects,
    facility, supplier, department, spend_category, criticality, flow_type, amount, currency, actor, reason,
    toFixedString(substring(given_trace_id, 1, 16), 16) AS trace_id,
    toFixedString(substring(given_span_id, 1, 8), 8) AS span_id,
    attributes_string, attributes_int, attributes_float, attributes_bool,
    request_id,
    cityHash64(
        event_id, type, occurred_at, subject_type, subject_id, objects, facility, supplier, department, spend_category,
        criticality, flow_type, ifNull(toString(amount), ''), currency, actor, reason, trace_id, span_id,
        attributes_string, attributes_int, attributes_float, attributes_bool) AS content_hash,
    given_trace_id,
    given_span_id,
    given_time,
    given_objects,
    given_amount,
    event AS given_event,
    multiIf(
        type = '', 'no_event_type',
        integration = '', 'no_source',
        given_time = '', 'no_timestamp',
        out_of_range, 'bad_timestamp',
        length(given_trace_id) NOT IN (0, 16), 'bad_trace_id',
        length(given_span_id) NOT IN (0, 8), 'bad_span_id',
        type = 'object.described' AND subject = '', 'no_subject',
        arrayExists(r -> NOT is_reference(r), given_objects), 'bad_object_reference',
        given_amount != '' AND isNull(amount), 'bad_amount',
        '') AS problem
FROM fields;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_mv TO events AS
SELECT
    event_id, integration, type, occurred_at, received_at, stored_at, subject_type, subject_id, objects, facility,
    supplier, department, spend_category, criticality, flow_type, amount, currency, actor, reason, trace_id, span_id,
    attributes_string, attributes_int, attributes_float, attributes_bool, request_id, content_hash
FROM decoded_events
WHERE problem = '' AND type != 'object.described';

CREATE MATERIALIZED VIEW IF NOT EXISTS event_objects_mv TO event_objects AS
SELECT
    object.type AS object_type,
    object.id AS object_id,
    type AS event_type,
    occurred_at, integration, event_id,
    object.type = subject_type AND object.id = subject_id AS is_subject,
    facility, supplier, department, spend_category, criticality, flow_type, amount, currency, reason, received_at, content_hash
FROM decoded_events
ARRAY JOIN objects AS object
WHERE problem = '' AND type != 'object.described';

CREATE MATERIALIZED VIEW IF NOT EXISTS object_states_mv TO object_states AS
SELECT
    subject_type AS object_type,
    subject_id AS object_id,
    occurred_at AS described_at,
    integration, event_id, stored_at,
    arrayFilter(object -> NOT (object.type = subject_type AND object.id = subject_id), objects) AS linked,
    attributes_string, attributes_int, attributes_float, attributes_bool, content_hash
FROM decoded_events
WHERE problem = '' AND type = 'object.described';

CREATE MATERIALIZED VIEW IF NOT EXISTS touched_objects_mv TO touched_objects AS
SELECT DISTINCT stored_at, object.type AS object_type, object.id AS object_id
FROM decoded_events
ARRAY JOIN objects AS object
WHERE problem = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS quarantined_events_mv TO quarantine AS
SELECT
    received_at AS quarantined_at,
    integration,
    signal,
    problem AS reason,
    multiIf(
        problem = 'bad_timestamp', given_time,
        problem = 'bad_trace_id', lower(hex(given_trace_id)),
        problem = 'bad_span_id', lower(hex(given_span_id)),
        problem = 'bad_object_reference', toJSONString(given_objects),
        problem = 'bad_amount', given_amount,
        '') AS detail,
    if(given_event != '', given_event, toJSONString(tuple(
        event_id, type, occurred_at, subject_type, subject_id, given_objects, facility, supplier, department, spend_category,
        criticality, flow_type, given_amount, currency, actor, reason, lower(hex(given_trace_id)),
        lower(hex(given_span_id)), attributes_string, attributes_int, attributes_float, attributes_bool
    )::Tuple(
        event_id String, type String, occurred_at DateTime64(6, 'UTC'), subject_type String, subject_id String,
        objects Array(String), facility String, supplier String, department String,
        spend_category String, criticality String, flow_type String, amount String, currency String, actor String,
        reason String, trace_id String, span_id String, attributes_string Map(String, String),
        attributes_int Map(String, Int64), attributes_float Map(String, Float64), attributes_bool Map(String, Bool)
    ))) AS record,
    request_id
FROM decoded_events
WHERE problem != '';
