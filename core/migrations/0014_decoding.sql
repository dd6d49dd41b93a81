-- Landing, second edition: ClickHouse decodes, redacts and judges what the collector accepted, in three steps over Null
-- tables, which hold nothing. 1: `landing_*` take the wire form (`collector/otlp.proto` is the schema). 2: a view spells
-- each record out as arrays of plain values, in `sent_*`; nothing is redacted yet. 3: a view redacts and judges, in
-- `decoded_*`, with `problem` = '' or the reason (a closed set); further views store good rows as facts and bad ones in
-- quarantine, with `record` in a form that can be sent again into `sent_*`.
-- Steps are small since each insert plans them anew. Decoding never raises: one bad record must not fail its neighbours.
-- `received_at` (microseconds), `request_id`, `sender` (the integration its API key speaks for) and `redaction_key` are
-- stamped on by the collector.
-- An attribute keeps its type; arrays and key-value lists become JSON text, bytes become base64.

-- let Scalars = string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64),
--         double_value Nullable(Float64), bytes_value Nullable(String)
-- let Leaf = Tuple($Scalars, array_value Nullable(String), kvlist_value Nullable(String))
-- let Nested = Tuple($Scalars, array_value Tuple(values Array($Leaf)),
--         kvlist_value Tuple(values Array(Tuple(kv_key String, kv_value $Leaf))))
-- let AnyValue = Tuple($Scalars, array_value Tuple(values Array($Nested)),
--         kvlist_value Tuple(values Array(Tuple(kv_key String, kv_value $Nested))))
-- let Attributes = Array(Tuple(kv_key String, kv_value $AnyValue))

-- A JSON string; what holds brackets inside strings only; what nests them once.
-- let Text = "(?:[^"\\\\]|\\\\.)*"
-- let Flat = (?:$Text|[^"\\[\\]{}])*
-- let Nest = (?:$Text|[^"\\[\\]{}]|\\[$Flat\\]|\\{$Flat\\})*
-- The JSON of a value as ClickHouse writes it ({"string_value":"a","int_value":null,…}) as plain JSON ("a"): what is absent
-- goes first, then scalars, pairs, and lists from the inside out. Quotes inside strings are escaped, so none of it can
-- match there. What nests deeper than the landing goes is bytes, and no text at all.
-- let PlainJSON = (json ->
--         replaceRegexpAll(replaceRegexpAll(
--         replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
--         replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
--             json,
--             ',?"[a-z]+_value":(?:null|\\{"values":\\[\\]\\})', ''),
--             '\\{,?"(?:array|kvlist)_value":$Text\\}', '"[nested too deep]"'),
--             '\\{,"', '{"'),
--             '\\{"[a-z]+_value":($Text|[^"{}\\[\\],]+)\\}', '\\1'),
--             '\\{"kv_key":($Text),"kv_value":($Text|[^"{}\\[\\],]+)\\}', '\\1:\\2'),
--             '\\{"array_value":\\{"values":(\\[$Flat\\])\\}\\}', '\\1'),
--             '\\{"kvlist_value":\\{"values":\\[($Flat)\\]\\}\\}', '{\\1}'),
--             '\\{"kv_key":($Text),"kv_value":(\\[$Flat\\]|\\{$Flat\\})\\}', '\\1:\\2'),
--             '\\{"array_value":\\{"values":(\\[$Nest\\])\\}\\}', '\\1'),
--             '\\{"kvlist_value":\\{"values":\\[($Nest)\\]\\}\\}', '{\\1}'))

-- A key's words, padded: "patient.firstName" is " patient first name ".
-- let Words = (key -> concat(' ', lower(replaceRegexpAll(replaceRegexpAll(
--         key, '([a-z0-9])([A-Z])', '\\1 \\2'), '[^A-Za-z0-9]+', ' ')), ' '))
-- let Policy = (
--         SELECT tuple(denied_words, allowed_words, allow_only, patterns.name, patterns.pattern, any_pattern,
--             max_attributes, max_key_bytes, max_value_bytes, max_array_elements, max_nesting,
--             max_event_age_us, max_span_age_us, max_skew_us)::Tuple(
--             denied_words Array(String), allowed_words Array(String), allow_only Bool, pattern_names Array(String),
--             patterns Array(String), any_pattern String, max_attributes UInt32, max_key_bytes UInt32,
--             max_value_bytes UInt32, max_array_elements UInt32, max_nesting UInt32, max_event_age_us Int64,
--             max_span_age_us Int64, max_skew_us Int64)
--         FROM collector_policy ORDER BY published_at DESC LIMIT 1)
-- What single integrations ask for beyond the policy: mode, denied words, allowed words.
-- let Overrides = (
--         SELECT mapFromArrays(groupArray(integration), groupArray(tuple(
--             redaction_mode::String, arrayMap($Words, redaction_deny), arrayMap($Words, redaction_allow))))
--         FROM current_integrations WHERE redaction_mode != '')
-- Which of the keys are not for us: by their words, or since they hold a private value themselves.
-- let Denied = ((keys, override) -> arrayFilter(
--         (key, words) -> multiSearchAny(words, policy.denied_words)
--             OR arrayExists(word -> position(words, word) > 0, override.2)
--             OR ((override.1 = 'allow' OR (override.1 = '' AND policy.allow_only))
--                 AND NOT startsWith(key, 'stallwatch.') AND NOT startsWith(key, 'service.')
--                 AND NOT multiSearchAny(words, policy.allowed_words)
--                 AND NOT arrayExists(word -> position(words, word) > 0, override.3))
--             OR multiMatchAny(key, policy.patterns),
--         keys, arrayMap($Words, keys)))

-- Private values in a text: found by the patterns; card and account numbers also by their check digits.
-- let Found = (text -> arrayFilter(
--         (m, class) -> multiIf(
--             class = 'card', arraySum((c, i) -> if(i % 2 = 1, toUInt8OrZero(c), toUInt8OrZero(c) * 2 - 9 * (toUInt8OrZero(c) > 4)),
--                 extractAll(reverse(m), '[0-9]') AS digits, arrayEnumerate(digits)) % 10 = 0,
--             class = 'iban', toUInt256OrZero(arrayStringConcat(arrayMap(
--                 c -> if(c < 'A', c, toString(ascii(c) - 55)),
--                 extractAll(replaceRegexpOne(replaceAll(upper(m), ' ', ''), '^(.{4})(.*)$', '\\2\\1'), '.')))) % 97 = 1,
--             true),
--         arrayDistinct(extractAll(text, policy.any_pattern)) AS matches,
--         arrayMap(m -> arrayFirst((name, pattern) -> match(m, pattern), policy.pattern_names, policy.patterns), matches)))
-- let Token = ((class, value, secret) -> concat(
--         '[', class, if(secret = '', '', concat(':', lower(substring(hex(HMAC('sha256', value, secret)), 1, 16)))), ']'))
-- let Redacted = ((text, secret) -> arrayFold(
--         (so_far, m) -> replaceAll(so_far, m, token(
--             arrayFirst((name, pattern) -> match(m, pattern), policy.pattern_names, policy.patterns), m, secret)),
--         arrayReverseSort(m -> length(m), found(text)), text))
-- let IsReference = (r -> position(r, ':') BETWEEN 2 AND length(r) - 1)
-- let Reference = (r -> tuple(substring(r, 1, position(r, ':') - 1), substring(r, position(r, ':') + 1)))

DROP VIEW IF EXISTS decoded_spans_mv;
DROP VIEW IF EXISTS decoded_logs_mv;
DROP VIEW IF EXISTS decoded_cloudevents_mv;
DROP VIEW IF EXISTS quarantined_spans_mv;
DROP VIEW IF EXISTS quarantined_events_mv;
DROP TABLE IF EXISTS landing_spans;
DROP TABLE IF EXISTS landing_logs;
DROP TABLE IF EXISTS landing_cloudevents;

ALTER TABLE decoded_spans
    ADD COLUMN IF NOT EXISTS detail String,
    ADD COLUMN IF NOT EXISTS record String,
    DROP COLUMN IF EXISTS given_trace_id,
    DROP COLUMN IF EXISTS given_span_id,
    DROP COLUMN IF EXISTS given_parent_id,
    DROP COLUMN IF EXISTS given_start,
    DROP COLUMN IF EXISTS given_end,
    DROP COLUMN IF EXISTS given_objects;

ALTER TABLE decoded_events
    ADD COLUMN IF NOT EXISTS detail String,
    ADD COLUMN IF NOT EXISTS record String,
    DROP COLUMN IF EXISTS given_trace_id,
    DROP COLUMN IF EXISTS given_span_id,
    DROP COLUMN IF EXISTS given_time,
    DROP COLUMN IF EXISTS given_objects,
    DROP COLUMN IF EXISTS given_amount,
    DROP COLUMN IF EXISTS given_event;

CREATE TABLE IF NOT EXISTS landing_spans
(
    resource_spans Array(Tuple(
        resource Tuple(attributes $Attributes),
        scope_spans Array(Tuple(spans Array(Tuple(
            trace_id String,
            span_id String,
            parent_span_id String,
            name String,
            kind Int32,
            start_time_unix_nano UInt64,
            end_time_unix_nano UInt64,
            attributes $Attributes,
            events Array(Tuple(time_unix_nano UInt64, name String, attributes $Attributes)),
            links Array(Tuple(trace_id String, span_id String)),
            status Tuple(message String, code Int32))))))),
    received_at   UInt64,
    request_id    String,
    sender        String,
    redaction_key String
)
ENGINE = Null;

-- Grain: one span as it was sent, its attributes as arrays of one length: texts ('' where the value has another type).
CREATE TABLE IF NOT EXISTS sent_spans
(
    request_id        String,
    received_at       DateTime64(6, 'UTC'),
    sender            String,
    redaction_key     String,
    denied_keys       Array(String),
    trace_id          String,
    span_id           String,
    parent_span_id    String,
    name              String,
    kind              Int32,
    starts            UInt64, -- nanoseconds since 1970, as is `ends`
    ends              UInt64,
    status_code       Int32,
    status_message    String,
    service           String,
    named_integration String,
    objects           Array(String),
    attribute_keys    Array(String),
    attribute_texts   Array(String),
    attribute_ints    Array(Nullable(Int64)),
    attribute_floats  Array(Nullable(Float64)),
    attribute_bools   Array(Nullable(Bool)),
    resource_keys     Array(String),
    resource_texts    Array(String),
    event_times       Array(UInt64),
    event_names       Array(String),
    event_keys        Array(Array(String)),
    event_texts       Array(Array(String)),
    linked_traces     Array(String),
    linked_spans      Array(String),
    longest_array     UInt64,
    nesting           UInt8
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS sent_spans_mv TO sent_spans AS
WITH
    $Policy AS policy,
    $Overrides AS overrides,
    $Denied AS denied,
    $PlainJSON AS plain_json,
    (json -> multiIf(
        startsWith(json, '"'), JSONExtractString(json),
        json = 'null' OR json = '{}', '',
        json)) AS text_of,
    (v -> if(isNotNull(v.string_value), assumeNotNull(v.string_value),
        if(isNotNull(v.bytes_value), base64Encode(assumeNotNull(v.bytes_value)), text_of(plain_json(toJSONString(v)))))) AS value_text,
    resources AS
    (
        SELECT
            arrayJoin(resource_spans) AS rs,
            rs.resource.attributes.kv_key AS resource_keys,
            arrayMap(v -> value_text(v), rs.resource.attributes.kv_value) AS resource_texts,
            arrayMap(v -> toJSONString(v), rs.resource.attributes.kv_value) AS resource_json,
            received_at, request_id, sender, redaction_key
        FROM landing_spans
    ),
    scopes AS
    (
        SELECT
            arrayJoin(rs.scope_spans) AS ss,
            resource_keys, resource_texts,
            arrayElement(resource_texts, indexOf(resource_keys, 'service.name')) AS named_service,
            if(named_service != '', named_service, 'unknown_service') AS service,
            arrayElement(resource_texts, indexOf(resource_keys, 'stallwatch.integration')) AS named_integration,
            denied(
                arrayDistinct(arrayConcat(
                    resource_keys, arrayFlatten(ss.spans.attributes.kv_key), arrayFlatten(ss.spans.events.attributes.kv_key),
                    ['status_message'])),
                overrides[multiIf(sender != '', sender, named_integration != '', named_integration, service)]) AS denied_keys,
            arrayExists(json -> match(json, '"(?:array|kvlist)_value":"'), resource_json) AS too_deep,
            received_at, request_id, sender, redaction_key
        FROM resources
    ),
    records AS
    (
        SELECT
            arrayJoin(ss.spans) AS s,
            s.attributes.kv_key AS keys,
            s.attributes.kv_value AS v,
            indexOf(keys, 'stallwatch.objects') AS objects_at,
            ifNull(arrayElement(v.string_value, objects_at), '') AS objects_text,
            if(objects_text != '', [objects_text], arrayMap(
                x -> ifNull(x, ''), arrayElement(v.array_value.values, objects_at).string_value)) AS objects,
            arrayMap((k, a, l) -> k != 'stallwatch.objects' AND (notEmpty(a) OR notEmpty(l)),
                keys, v.array_value.values, v.kvlist_value.values) AS is_nested,
            if(has(is_nested, 1), arrayMap((x, n) -> if(n, toJSONString(x), ''), v, is_nested), []) AS nested,
            resource_keys, resource_texts, service, named_integration, denied_keys, too_deep,
            received_at, request_id, sender, redaction_key
        FROM scopes
    )
SELECT
    request_id,
    fromUnixTimestamp64Micro(toInt64(records.received_at), 'UTC') AS received_at,
    sender, redaction_key, denied_keys,
    s.trace_id AS trace_id,
    s.span_id AS span_id,
    s.parent_span_id AS parent_span_id,
    s.name AS name,
    s.kind AS kind,
    s.start_time_unix_nano AS starts,
    s.end_time_unix_nano AS ends,
    s.status.code AS status_code,
    s.status.message AS status_message,
    service, named_integration, objects,
    keys AS attribute_keys,
    if(empty(nested),
        arrayMap((t, b) -> if(isNull(b), ifNull(t, ''), base64Encode(assumeNotNull(b))), v.string_value, v.bytes_value),
        arrayMap((t, b, n) -> multiIf(n != '', text_of(plain_json(n)), isNull(b), ifNull(t, ''), base64Encode(assumeNotNull(b))),
            v.string_value, v.bytes_value, nested)) AS attribute_texts,
    v.int_value AS attribute_ints,
    v.double_value AS attribute_floats,
    v.bool_value AS attribute_bools,
    resource_keys, resource_texts,
    s.events.time_unix_nano AS event_times,
    s.events.name AS event_names,
    s.events.attributes.kv_key AS event_keys,
    arrayMap(a -> arrayMap(x -> value_text(x), a), s.events.attributes.kv_value) AS event_texts,
    s.links.trace_id AS linked_traces,
    s.links.span_id AS linked_spans,
    arrayMax(arrayMap((a, l) -> greatest(length(a), length(l)), v.array_value.values, v.kvlist_value.values)) AS longest_array,
    multiIf(
        too_deep OR arrayExists(json -> match(json, '"(?:array|kvlist)_value":"'), nested), 3,
        arrayExists(json -> match(json, '"values":\\[.*"values":\\[\\{'), nested), 2,
        notEmpty(nested) OR notEmpty(objects), 1,
        0) AS nesting
FROM records;
