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
-- Of resources and span events: one level less.
-- let FlatterAttributes = Array(Tuple(kv_key String, kv_value $Nested))

-- A JSON string; what holds brackets inside strings only; what nests them once.
-- let Text = "(?:[^"\\\\]|\\\\.)*"
-- let Flat = (?:$Text|[^"\\[\\]{}])*
-- let Nest = (?:$Text|[^"\\[\\]{}]|\\[$Flat\\]|\\{$Flat\\})*
-- The JSON of a value as ClickHouse writes it ({"string_value":"a","int_value":null,…}) as plain JSON ("a"): what is absent
-- goes first, then scalars, pairs, and lists from the inside out. Quotes inside strings are escaped, so none of it can
-- match there. What nests deeper than the landing goes is bytes, and no text at all.
-- let PlainJSON = (json ->
--         replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
--         replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
--         replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
--             json,
--             '\\{(?:,?"[a-z]+_value":(?:null|\\{"values":\\[\\]\\})){7}\\}', 'null'),
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
--             max_age_us, max_skew_us, overrides, allowed_types)::Tuple(
--             denied_words Array(String), allowed_words Array(String), allow_only Bool, pattern_names Array(String),
--             patterns Array(String), any_pattern String, max_attributes UInt32, max_key_bytes UInt32,
--             max_value_bytes UInt32, max_array_elements UInt32, max_nesting UInt32, max_age_us Int64,
--             max_skew_us Int64, overrides Map(String, Tuple(
--             mode String, denied_words Array(String), allowed_words Array(String))), allowed_types Map(String, Array(String)))
--         FROM collector_policy ORDER BY published_at DESC LIMIT 1)
-- Which of the keys are not for us: by their words, or since they hold a private value themselves.
-- let Denied = ((keys, override) -> arrayFilter(
--         (key, words) -> multiSearchAny(words, policy.denied_words)
--             OR arrayExists(word -> position(words, word) > 0, override.denied_words)
--             OR ((override.mode = 'allow' OR (override.mode = '' AND policy.allow_only))
--                 AND NOT startsWith(key, 'stallwatch.') AND NOT startsWith(key, 'service.')
--                 AND NOT multiSearchAny(words, policy.allowed_words)
--                 AND NOT arrayExists(word -> position(words, word) > 0, override.allowed_words))
--             OR multiMatchAny(key, policy.patterns),
--         keys, arrayMap($Words, keys)))

-- Private values in a text. Three passes, each with one pattern that is the same for all rows, so that it is compiled once
-- and the work is linear in the text: all classes without check digits; cards (Luhn); accounts (ISO 13616, mod 97). What
-- fails its check stays, and hides nothing from the other passes. A pass marks what it finds, \x01 before and \x02 after.
-- let Luhn = (digits -> arraySum(
--         (c, i) -> if(i % 2 = 1, toUInt8OrZero(c), toUInt8OrZero(c) * 2 - 9 * (toUInt8OrZero(c) > 4)),
--         digits, arrayEnumerate(digits)) % 10 = 0)
-- let Mod97 = (text -> toUInt256OrZero(arrayStringConcat(arrayMap(
--         c -> if(c < 'A', c, toString(ascii(c) - 55)),
--         extractAll(replaceRegexpOne(replaceRegexpAll(upper(text), '[^A-Z0-9]', ''), '^(.{4})(.*)$', '\\2\\1'), '.')))) % 97 = 1)
-- let Class = (m -> arrayFirst((name, pattern) -> match(m, concat('^(?:', pattern, ')$')), policy.pattern_names, policy.patterns))
-- Twenty hexadecimal digits: longer than any number that is looked for, so that a token is never taken for a private value.
-- let Token = ((class, value, secret) -> concat(
--         '[', class, if(secret = '', '', concat(':', lower(substring(hex(HMAC('sha256', value, secret)), 1, 20)))), ']'))
-- What stands under a denied key. A token stays as it is, so that what is told again stays the same; so does nothing.
-- let Withheld = ((value, secret) -> if(
--         value = '' OR match(value, '^\\[[a-z][a-z0-9_]*(?::[0-9a-f]{20})?\\]$') AND has(policy.pattern_names, extract(value, '^\\[([a-z0-9_]+)')),
--         value, token('redacted', value, secret)))
-- let Marked = ((text, pattern) -> splitByChar('\x01', replaceRegexpAll(text, pattern, '\x01\\0\x02')))
-- let Inside = (piece -> substring(piece, 1, position(piece, '\x02') - 1))
-- let Outside = (piece -> substring(piece, position(piece, '\x02') + 1))
-- let Cards = ((text, secret) -> arrayStringConcat(arrayMap(
--         piece -> if(position(piece, '\x02') = 0, piece, concat(
--             if(luhn(extractAll(reverse(inside(piece)), '[0-9]')), token('card', inside(piece), secret), inside(piece)),
--             outside(piece))),
--         marked(text, policy.patterns[indexOf(policy.pattern_names, 'card')]))))
-- let Accounts = ((text, secret) -> arrayStringConcat(arrayMap(
--         piece -> if(position(piece, '\x02') = 0, piece, concat(
--             if(mod_97(inside(piece)), token('iban', inside(piece), secret), inside(piece)),
--             outside(piece))),
--         marked(text, policy.patterns[indexOf(policy.pattern_names, 'iban')]))))
-- let Others = ((text, secret) -> arrayStringConcat(arrayMap(
--         piece -> if(position(piece, '\x02') = 0, piece, concat(
--             token(class(inside(piece)), inside(piece), secret), outside(piece))),
--         marked(text, policy.any_pattern))))
-- A text that is too long to be stored anyway is withheld whole: millions of values in it would cost minutes.
-- let Redacted = ((text, secret) -> multiIf(
--         NOT multiMatchAny(text, policy.patterns), text,
--         length(text) > policy.max_value_bytes, token('redacted', text, secret),
--         accounts(cards(others(translate(text, '\x01\x02', '  '), secret), secret), secret)))
-- let IsReference = (r -> position(r, ':') BETWEEN 2 AND length(r) - 1)
-- let Reference = (r -> tuple(substring(r, 1, position(r, ':') - 1), substring(r, position(r, ':') + 1)))

-- The way in goes first and comes back last: what another collector sends meanwhile is refused, and asked for again. Into a
-- Null table that no view reads it would be acknowledged and lost.
DROP TABLE IF EXISTS landing_spans;
DROP TABLE IF EXISTS landing_logs;
DROP TABLE IF EXISTS landing_cloudevents;
DROP VIEW IF EXISTS decoded_spans_mv;
DROP VIEW IF EXISTS decoded_logs_mv;
DROP VIEW IF EXISTS decoded_cloudevents_mv;
DROP VIEW IF EXISTS quarantined_spans_mv;
DROP VIEW IF EXISTS quarantined_events_mv;

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

-- Every text of a span is one element of `given`, so that one pass redacts them all: name, status message, service, named
-- integration, objects, attributes, resource, span events, and the three kinds of keys. A level for each step: what
-- several columns build on is a column itself, or the engine would plan it again for each.
CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_spans_mv TO decoded_spans AS
WITH
    $Policy AS policy,
    $Luhn AS luhn,
    $Mod97 AS mod_97,
    $Class AS class,
    $Token AS token,
    $Withheld AS withheld,
    $Marked AS marked,
    $Inside AS inside,
    $Outside AS outside,
    $Cards AS cards,
    $Accounts AS accounts,
    $Others AS others,
    $Redacted AS redacted,
    $IsReference AS is_reference,
    $Reference AS reference,
    sizes AS
    (
        SELECT
            *,
            notEmpty(denied_keys) AS is_denied,
            length(objects) AS n_objects,
            length(attribute_keys) AS n_attributes,
            length(resource_keys) AS n_resource,
            length(event_names) AS n_events,
            arrayFlatten(event_keys) AS flat_event_keys,
            arrayFlatten(event_texts) AS flat_event_texts,
            arrayConcat(attribute_keys, resource_keys, flat_event_keys) AS given_keys,
            greatest(n_attributes, n_resource, arrayMax(arrayMap(ks -> length(ks), event_keys))) AS most_attributes,
            greatest(longest_array, n_events, length(linked_spans)) AS longest_list,
            -- Whole numbers long enough for a card are judged as texts, too.
            is_denied OR arrayExists(x -> abs(x) >= 100000000000000, attribute_ints)
                OR arrayExists(x -> abs(x) >= 100000000000000, attribute_floats) AS is_spelt
        FROM sent_spans
    ),
    gathered AS
    (
        SELECT
            *,
            if(is_spelt,
                arrayConcat(
                    [name, if(has(denied_keys, 'status_message'), withheld(status_message, redaction_key), status_message),
                        service, named_integration],
                    objects,
                    arrayMap((k, t) -> if(has(denied_keys, k), withheld(t, redaction_key), t),
                        arrayConcat(attribute_keys, resource_keys),
                        arrayConcat(
                            arrayMap((t, i, d, b) -> coalesce(toString(i), toString(d), toString(b), t),
                                attribute_texts, attribute_ints, attribute_floats, attribute_bools),
                            resource_texts)),
                    event_names,
                    arrayMap((k, t) -> if(has(denied_keys, k), withheld(t, redaction_key), t),
                        flat_event_keys, flat_event_texts),
                    given_keys),
                arrayConcat([name, status_message, service, named_integration], objects, attribute_texts, resource_texts,
                    event_names, flat_event_texts, given_keys)) AS given
        FROM sizes
    ),
    sought AS
    (
        SELECT *, multiMatchAny(arrayStringConcat(given, '\n'), policy.patterns) AS is_private
        FROM gathered
    ),
    redactions AS
    (
        SELECT *, if(is_private, arrayMap(t -> redacted(t, redaction_key), given), given) AS texts
        FROM sought
    ),
    split AS
    (
        SELECT
            *,
            texts[4] AS named,
            arraySlice(texts, 5, n_objects) AS shown_objects,
            arraySlice(texts, 5 + n_objects, n_attributes) AS shown_texts,
            arraySlice(texts, 5 + n_objects + n_attributes, n_resource) AS shown_resource_texts,
            arraySlice(texts, 5 + n_objects + n_attributes + n_resource, n_events) AS shown_event_names,
            arraySlice(texts, 5 + n_objects + n_attributes + n_resource + n_events, length(flat_event_keys)) AS shown_event_texts,
            arraySlice(texts, 5 + n_objects + n_attributes + n_resource + n_events + length(flat_event_keys)) AS shown_keys,
            -- A value that was redacted is a text from now on.
            if(is_spelt, arrayMap((x, t) -> if(toString(x) = t, x, NULL), attribute_ints, shown_texts), attribute_ints) AS ints,
            if(is_spelt, arrayMap((x, t) -> if(toString(x) = t, x, NULL), attribute_floats, shown_texts), attribute_floats) AS floats,
            if(is_spelt, arrayMap((x, t) -> if(toString(x) = t, x, NULL), attribute_bools, shown_texts), attribute_bools) AS bools,
            NOT (starts BETWEEN 631152000000000000 AND 7258118399999999999) OR ends > 7258118399999999999
                AS out_of_range, -- 1990 to 2200
            toUnixTimestamp64Micro(received_at) - toInt64(intDiv(starts, 1000)) AS age_us,
            -- What is sorted by must be short, too.
            arrayMax(arrayMap(k -> length(k), arrayConcat(given_keys, objects, [service, named_integration]))) AS longest_key,
            arrayMax(arrayMap(t -> length(t), given)) AS longest_text
        FROM redactions
    ),
    judged AS
    (
        SELECT
            *,
            arraySlice(shown_keys, 1, n_attributes) AS keys,
            arrayMap((k, i, d, b) -> isNull(i) AND isNull(d) AND isNull(b) AND k != 'stallwatch.objects',
                attribute_keys, ints, floats, bools) AS is_text,
            arrayMap((ks, after) -> mapFromArrays(
                    arraySlice(shown_keys, n_attributes + n_resource + after - length(ks) + 1, length(ks)),
                    arraySlice(shown_event_texts, after - length(ks) + 1, length(ks))),
                event_keys, arrayCumSum(ks -> length(ks), event_keys)) AS event_attributes,
            multiIf(
                length(trace_id) != 16 OR trace_id = unhex('00000000000000000000000000000000'), 'bad_trace_id',
                length(span_id) != 8 OR span_id = unhex('0000000000000000'), 'bad_span_id',
                length(parent_span_id) NOT IN (0, 8), 'bad_parent_span_id',
                starts = 0, 'no_timestamp',
                out_of_range OR (ends != 0 AND ends < starts), 'bad_timestamp',
                age_us > policy.max_age_us, 'too_old',
                greatest(-age_us, toInt64(intDiv(ends, 1000)) - toUnixTimestamp64Micro(received_at)) > policy.max_skew_us, 'too_far_ahead',
                sender != '' AND named_integration NOT IN ('', sender), 'wrong_integration',
                most_attributes > policy.max_attributes, 'too_many_attributes',
                longest_key > policy.max_key_bytes, 'key_too_long',
                longest_text > policy.max_value_bytes, 'value_too_long',
                longest_list > policy.max_array_elements, 'array_too_long',
                nesting > policy.max_nesting, 'nested_too_deep',
                arrayExists(r -> NOT is_reference(r), shown_objects), 'bad_object_reference',
                is_private AND redaction_key = '' AND shown_objects != objects, 'private_identity',
                '') AS problem
        FROM split
    )
SELECT
    toFixedString(substring(judged.trace_id, 1, 16), 16) AS trace_id,
    toFixedString(substring(judged.span_id, 1, 8), 8) AS span_id,
    toFixedString(substring(judged.parent_span_id, 1, 8), 8) AS parent_span_id,
    multiIf(sender != '', sender, named != '', named, texts[3]) AS integration,
    texts[3] AS service,
    texts[1] AS name,
    toInt8(if(judged.kind BETWEEN 0 AND 5, judged.kind, 0)) AS kind, -- what OTLP does not name is unspecified
    fromUnixTimestamp64Nano(if(out_of_range, 0, toInt64(starts)), 'UTC') AS started_at,
    received_at,
    if(ends > starts AND NOT out_of_range, ends - starts, 0) AS duration_ns,
    toInt8(if(judged.status_code BETWEEN 0 AND 2, judged.status_code, 0)) AS status_code,
    texts[2] AS status_message,
    arrayMap(r -> reference(r), shown_objects) AS objects,
    mapFromArrays(arrayFilter((k, t) -> t, keys, is_text), arrayFilter((x, t) -> t, shown_texts, is_text)) AS attributes_string,
    mapFromArrays(
        arrayFilter((k, x) -> isNotNull(x), keys, ints),
        arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), ints))) AS attributes_int,
    mapFromArrays(
        arrayFilter((k, x) -> isNotNull(x), keys, floats),
        arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), floats))) AS attributes_float,
    mapFromArrays(
        arrayFilter((k, x) -> isNotNull(x), keys, bools),
        arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), bools))) AS attributes_bool,
    mapFromArrays(arraySlice(shown_keys, n_attributes + 1, n_resource), shown_resource_texts) AS resource,
    arrayMap(t -> fromUnixTimestamp64Nano(toInt64(least(t, 7258118399999999999)), 'UTC'), event_times) AS `events.at`,
    shown_event_names AS `events.name`,
    event_attributes AS `events.attributes`,
    arrayMap(t -> toFixedString(substring(t, 1, 16), 16), linked_traces) AS `links.trace_id`,
    arrayMap(t -> toFixedString(substring(t, 1, 8), 8), linked_spans) AS `links.span_id`,
    request_id,
    problem,
    multiIf(
        problem = '', '',
        problem = 'bad_trace_id', lower(hex(judged.trace_id)),
        problem = 'bad_span_id', lower(hex(judged.span_id)),
        problem = 'bad_parent_span_id', lower(hex(judged.parent_span_id)),
        problem IN ('bad_timestamp', 'too_old', 'too_far_ahead'), concat('start ', toString(starts), ' ns, end ', toString(ends), ' ns'),
        problem IN ('bad_object_reference', 'private_identity'), toJSONString(shown_objects),
        problem = 'wrong_integration', named,
        problem = 'too_many_attributes', toString(most_attributes),
        problem = 'key_too_long', toString(longest_key),
        problem = 'value_too_long', toString(longest_text),
        problem = 'array_too_long', toString(longest_list),
        '') AS detail,
    if(problem = '', '', toJSONString(tuple(
        lower(hex(judged.trace_id)), lower(hex(judged.span_id)), lower(hex(judged.parent_span_id)), texts[1], judged.kind, starts,
        ends, judged.status_code, texts[2], texts[3], named, shown_objects, keys, shown_texts, ints, floats, bools,
        arraySlice(shown_keys, n_attributes + 1, n_resource), shown_resource_texts, event_times, shown_event_names,
        arrayMap(m -> mapKeys(m), event_attributes), arrayMap(m -> mapValues(m), event_attributes),
        arrayMap(t -> lower(hex(t)), linked_traces), arrayMap(t -> lower(hex(t)), linked_spans), longest_array, nesting
    )::Tuple(
        trace_id String, span_id String, parent_span_id String, name String, kind Int32, starts UInt64, ends UInt64,
        status_code Int32, status_message String, service String, named_integration String, objects Array(String),
        attribute_keys Array(String), attribute_texts Array(String), attribute_ints Array(Nullable(Int64)),
        attribute_floats Array(Nullable(Float64)), attribute_bools Array(Nullable(Bool)), resource_keys Array(String),
        resource_texts Array(String), event_times Array(UInt64), event_names Array(String), event_keys Array(Array(String)),
        event_texts Array(Array(String)), linked_traces Array(String), linked_spans Array(String), longest_array UInt64,
        nesting UInt8))) AS record
FROM judged;

CREATE MATERIALIZED VIEW IF NOT EXISTS quarantined_spans_mv TO quarantine AS
SELECT received_at AS quarantined_at, integration, 'traces' AS signal, problem AS reason, detail, record, request_id
FROM decoded_spans
WHERE problem != '';

-- Grain: one event as it was sent, of either wire form; what CloudEvents say in their envelope and in `data` stands under the
-- names that log records use. Texts are there for every attribute, whatever its type.
CREATE TABLE IF NOT EXISTS sent_events
(
    signal            LowCardinality(String),
    request_id        String,
    received_at       DateTime64(6, 'UTC'),
    sender            String,
    redaction_key     String,
    denied_keys       Array(String),
    type              String,
    given_time        String,
    happened          UInt64, -- nanoseconds since 1970; 0 if not given
    observed          UInt64,
    trace_id          String,
    span_id           String,
    service           String,
    named_integration String,
    objects           Array(String),
    attribute_keys    Array(String),
    attribute_texts   Array(String),
    attribute_ints    Array(Nullable(Int64)),
    attribute_floats  Array(Nullable(Float64)),
    attribute_bools   Array(Nullable(Bool)),
    longest_array     UInt64,
    nesting           UInt8,
    envelope_problem  LowCardinality(String)
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_mv TO decoded_events AS
WITH
    $Policy AS policy,
    $Luhn AS luhn,
    $Mod97 AS mod_97,
    $Class AS class,
    $Token AS token,
    $Withheld AS withheld,
    $Marked AS marked,
    $Inside AS inside,
    $Outside AS outside,
    $Cards AS cards,
    $Accounts AS accounts,
    $Others AS others,
    $Redacted AS redacted,
    $IsReference AS is_reference,
    $Reference AS reference,
    [
        'stallwatch.event.id', 'stallwatch.subject', 'stallwatch.objects', 'stallwatch.facility', 'stallwatch.supplier',
        'stallwatch.department', 'stallwatch.spend_category', 'stallwatch.criticality', 'stallwatch.flow_type',
        'stallwatch.amount', 'stallwatch.currency', 'stallwatch.actor', 'stallwatch.reason'] AS promoted,
    gathered AS
    (
        SELECT
            *,
            notEmpty(denied_keys) AS is_denied,
            length(objects) AS n_objects,
            length(attribute_keys) AS n_attributes,
            arrayConcat(
                [type, service, named_integration, given_time],
                objects,
                if(is_denied, arrayMap((k, t) -> if(has(denied_keys, k), withheld(t, redaction_key), t),
                    attribute_keys, attribute_texts), attribute_texts),
                attribute_keys) AS given
        FROM sent_events
    ),
    sought AS
    (
        SELECT *, multiMatchAny(arrayStringConcat(given, '\n'), policy.patterns) AS is_private
        FROM gathered
    ),
    redactions AS
    (
        SELECT *, if(is_private, arrayMap(t -> redacted(t, redaction_key), given), given) AS texts
        FROM sought
    ),
    split AS
    (
        SELECT
            *,
            arraySlice(texts, 5, n_objects) AS listed_objects,
            arraySlice(texts, 5 + n_objects, n_attributes) AS shown_texts,
            arraySlice(texts, 5 + n_objects + n_attributes) AS keys,
            -- A value that was redacted is a text from now on.
            is_denied OR is_private AS is_changed,
            if(is_changed, arrayMap((x, t, u) -> if(t = u, x, NULL), attribute_ints, attribute_texts, shown_texts), attribute_ints) AS ints,
            if(is_changed, arrayMap((x, t, u) -> if(t = u, x, NULL), attribute_floats, attribute_texts, shown_texts), attribute_floats) AS floats,
            if(is_changed, arrayMap((x, t, u) -> if(t = u, x, NULL), attribute_bools, attribute_texts, shown_texts), attribute_bools) AS bools
        FROM redactions
    ),
    fields AS
    (
        SELECT
            *,
            multiIf(sender != '', sender, texts[3] != '', texts[3], texts[2]) AS integration,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.event.id')) AS given_id,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.subject')) AS subject,
            arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.event.id')) != given_id
                OR arrayElement(attribute_texts, indexOf(attribute_keys, 'stallwatch.subject')) != subject
                OR listed_objects != objects AS is_identity_changed,
            arrayDistinct(arrayConcat(if(subject != '', [subject], []), listed_objects)) AS given_objects,
            trimBoth(arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.amount'))) AS given_amount,
            toDecimal64OrNull(toString(round(toDecimal128OrNull(given_amount, 12), 4)), 4) AS amount,
            NOT (happened BETWEEN 631152000000000000 AND 7258118399999999999) AS out_of_range, -- 1990 to 2200
            fromUnixTimestamp64Micro(if(out_of_range, 0, toInt64(intDiv(happened, 1000))), 'UTC') AS occurred_at,
            toUnixTimestamp64Micro(received_at) - toInt64(intDiv(happened, 1000)) AS age_us,
            -- The body is no attribute, nor are the id and the subject that CloudEvents have beside theirs.
            toInt64(n_attributes) - if(signal = 'logs', 1, 2) AS most_attributes,
            -- What is sorted by must be short, too.
            arrayMax(arrayMap(k -> length(k), arrayConcat(
                attribute_keys, objects, [type, service, named_integration, given_id, subject]))) AS longest_key,
            arrayMax(arrayMap(t -> length(t), given)) AS longest_text,
            arrayMap((k, t, i, d, b) -> isNull(i) AND isNull(d) AND isNull(b) AND NOT has(promoted, k) AND NOT (k = 'body' AND t = ''),
                attribute_keys, shown_texts, ints, floats, bools) AS is_text,
            arrayMap(k -> NOT has(promoted, k), attribute_keys) AS is_own
        FROM split
    ),
    maps AS
    (
        SELECT
            *,
            if(subject = '', ('', ''), reference(subject)) AS subject_object,
            mapFromArrays(arrayFilter((k, t) -> t, keys, is_text), arrayFilter((x, t) -> t, shown_texts, is_text)) AS attributes_string,
            mapFromArrays(
                arrayFilter((k, x, o) -> isNotNull(x) AND o, keys, ints, is_own),
                arrayMap(x -> assumeNotNull(x), arrayFilter((x, o) -> isNotNull(x) AND o, ints, is_own))) AS attributes_int,
            mapFromArrays(
                arrayFilter((k, x, o) -> isNotNull(x) AND o, keys, floats, is_own),
                arrayMap(x -> assumeNotNull(x), arrayFilter((x, o) -> isNotNull(x) AND o, floats, is_own))) AS attributes_float,
            mapFromArrays(
                arrayFilter((k, x, o) -> isNotNull(x) AND o, keys, bools, is_own),
                arrayMap(x -> assumeNotNull(x), arrayFilter((x, o) -> isNotNull(x) AND o, bools, is_own))) AS attributes_bool,
            multiIf(
                envelope_problem != '', envelope_problem,
                type = '', 'no_event_type',
                integration = '', 'no_source',
                happened = 0, 'no_timestamp',
                out_of_range, 'bad_timestamp',
                age_us > policy.max_age_us, 'too_old',
                -age_us > policy.max_skew_us, 'too_far_ahead',
                length(trace_id) NOT IN (0, 16), 'bad_trace_id',
                length(span_id) NOT IN (0, 8), 'bad_span_id',
                sender != '' AND named_integration NOT IN ('', sender), 'wrong_integration',
                notEmpty(policy.allowed_types[integration]) AND NOT has(policy.allowed_types[integration], texts[1])
                    AND NOT has(policy.allowed_types[integration], concat(splitByChar('.', texts[1])[1], '.*')), 'event_type_not_allowed',
                most_attributes > policy.max_attributes, 'too_many_attributes',
                longest_key > policy.max_key_bytes, 'key_too_long',
                longest_text > policy.max_value_bytes, 'value_too_long',
                longest_array > policy.max_array_elements, 'array_too_long',
                nesting > policy.max_nesting, 'nested_too_deep',
                type = 'object.described' AND subject = '', 'no_subject',
                arrayExists(r -> NOT is_reference(r), given_objects), 'bad_object_reference',
                given_amount != '' AND isNull(amount), 'bad_amount',
                redaction_key = '' AND is_identity_changed, 'private_identity',
                '') AS problem
        FROM fields
    ),
    facts AS
    (
        SELECT
            *,
            arrayMap(r -> reference(r), given_objects) AS known_objects,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.facility')) AS facility,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.supplier')) AS supplier,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.department')) AS department,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.spend_category')) AS spend_category,
            lower(arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.criticality'))) AS criticality,
            lower(arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.flow_type'))) AS flow_type,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.currency')) AS currency,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.actor')) AS actor,
            arrayElement(shown_texts, indexOf(attribute_keys, 'stallwatch.reason')) AS reason,
            if(given_id != '', given_id, lower(hex(sipHash128(integration, texts[1], subject, occurred_at)))) AS event_id,
            toFixedString(substring(trace_id, 1, 16), 16) AS known_trace,
            toFixedString(substring(span_id, 1, 8), 8) AS known_span
        FROM maps
    )
SELECT
    signal,
    event_id,
    integration,
    texts[1] AS type,
    occurred_at,
    received_at,
    if(observed = 0, received_at, least(fromUnixTimestamp64Micro(toInt64(intDiv(observed, 1000)), 'UTC'), received_at)) AS told_at,
    now64(6, 'UTC') AS stored_at,
    subject_object.1 AS subject_type,
    subject_object.2 AS subject_id,
    known_objects AS objects,
    facility, supplier, department, spend_category, criticality, flow_type, amount, currency, actor, reason,
    known_trace AS trace_id,
    known_span AS span_id,
    attributes_string, attributes_int, attributes_float, attributes_bool,
    request_id,
    cityHash64(
        event_id, texts[1], occurred_at, subject_object.1, subject_object.2, known_objects, facility, supplier, department,
        spend_category, criticality, flow_type, ifNull(toString(amount), ''), currency, actor, reason, known_trace, known_span,
        attributes_string, attributes_int, attributes_float, attributes_bool) AS content_hash,
    problem,
    multiIf(
        problem = '', '',
        problem IN ('bad_timestamp', 'too_old', 'too_far_ahead'), if(given_time = '', concat(toString(happened), ' ns'), texts[4]),
        problem = 'bad_trace_id', lower(hex(facts.trace_id)),
        problem = 'bad_span_id', lower(hex(facts.span_id)),
        problem IN ('bad_object_reference', 'private_identity'), toJSONString(given_objects),
        problem = 'bad_amount', given_amount,
        problem = 'wrong_integration', texts[3],
        problem = 'event_type_not_allowed', texts[1],
        problem = 'too_many_attributes', toString(most_attributes),
        problem = 'key_too_long', toString(longest_key),
        problem = 'value_too_long', toString(longest_text),
        problem = 'array_too_long', toString(longest_array),
        '') AS detail,
    if(problem = '', '', toJSONString(tuple(
        texts[1], texts[4], happened, observed, lower(hex(facts.trace_id)), lower(hex(facts.span_id)), texts[2], texts[3],
        listed_objects, keys, shown_texts, ints, floats, bools, longest_array, nesting, envelope_problem
    )::Tuple(
        type String, given_time String, happened UInt64, observed UInt64, trace_id String, span_id String, service String,
        named_integration String, objects Array(String), attribute_keys Array(String), attribute_texts Array(String),
        attribute_ints Array(Nullable(Int64)), attribute_floats Array(Nullable(Float64)), attribute_bools Array(Nullable(Bool)),
        longest_array UInt64, nesting UInt8, envelope_problem String))) AS record
FROM facts;

CREATE MATERIALIZED VIEW IF NOT EXISTS quarantined_events_mv TO quarantine AS
SELECT received_at AS quarantined_at, integration, signal, problem AS reason, detail, record, request_id
FROM decoded_events
WHERE problem != '';

-- The way in, last: see the top.
CREATE TABLE IF NOT EXISTS landing_spans
(
    resource_spans Array(Tuple(
        resource Tuple(attributes $FlatterAttributes),
        scope_spans Array(Tuple(spans Array(Tuple(
            trace_id String,
            span_id String,
            parent_span_id String,
            name String,
            kind Int32,
            start_time_unix_nano UInt64,
            end_time_unix_nano UInt64,
            attributes $Attributes,
            events Array(Tuple(time_unix_nano UInt64, name String, attributes $FlatterAttributes)),
            links Array(Tuple(trace_id String, span_id String)),
            status Tuple(message String, code Int32))))))),
    received_at   UInt64,
    request_id    String,
    sender        String,
    redaction_key String
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS sent_spans_mv TO sent_spans AS
WITH
    $Policy AS policy,
    $Denied AS denied,
    $PlainJSON AS plain_json,
    (json -> multiIf(
        startsWith(json, '"'), JSONExtractString(json),
        json = 'null', '',
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
                policy.overrides[multiIf(sender != '', sender, named_integration != '', named_integration, service)]) AS denied_keys,
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
            arrayDistinct(if(objects_text != '', [objects_text], arrayMap(
                x -> ifNull(x, ''), arrayElement(v.array_value.values, objects_at).string_value))) AS objects,
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
        too_deep OR arrayExists(json -> match(json, '"(?:array|kvlist)_value":"'), nested)
            OR (notEmpty(s.events) AND match(toJSONString(s.events.attributes), '"(?:array|kvlist)_value":"')), 3,
        arrayExists(json -> match(json, '"values":\\[.*"values":\\[\\{'), nested), 2,
        notEmpty(nested), 1,
        0) AS nesting
FROM records;

CREATE TABLE IF NOT EXISTS landing_logs
(
    resource_logs Array(Tuple(
        resource Tuple(attributes $FlatterAttributes),
        scope_logs Array(Tuple(log_records Array(Tuple(
            time_unix_nano UInt64,
            observed_time_unix_nano UInt64,
            body $AnyValue,
            attributes $Attributes,
            trace_id String,
            span_id String,
            event_name String)))))),
    received_at   UInt64,
    request_id    String,
    sender        String,
    redaction_key String
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS sent_logs_mv TO sent_events AS
WITH
    $Policy AS policy,
    $Denied AS denied,
    $PlainJSON AS plain_json,
    (json -> multiIf(
        startsWith(json, '"'), JSONExtractString(json),
        json = 'null', '',
        json)) AS text_of,
    resources AS
    (
        SELECT
            arrayJoin(resource_logs) AS rl,
            rl.resource.attributes.kv_key AS resource_keys,
            rl.resource.attributes.kv_value.string_value AS resource_values,
            ifNull(arrayElement(resource_values, indexOf(resource_keys, 'stallwatch.integration')), '') AS named_integration,
            ifNull(arrayElement(resource_values, indexOf(resource_keys, 'service.name')), '') AS named_service,
            received_at, request_id, sender, redaction_key
        FROM landing_logs
    ),
    scopes AS
    (
        SELECT
            arrayJoin(rl.scope_logs) AS sl,
            if(named_service != '', named_service, 'unknown_service') AS service,
            named_integration,
            denied(
                arrayDistinct(arrayConcat(arrayFlatten(sl.log_records.attributes.kv_key), ['body'])),
                policy.overrides[multiIf(sender != '', sender, named_integration != '', named_integration, service)]) AS denied_keys,
            received_at, request_id, sender, redaction_key
        FROM resources
    ),
    records AS
    (
        SELECT
            arrayJoin(sl.log_records) AS r,
            arrayPushBack(r.attributes.kv_key, 'body') AS keys,
            arrayPushBack(r.attributes.kv_value, r.body) AS v,
            service, named_integration, denied_keys, received_at, request_id, sender, redaction_key
        FROM scopes
    ),
    values AS
    (
        SELECT
            r, keys, v, v.string_value AS strings, v.int_value AS ints, v.double_value AS floats, v.bool_value AS bools,
            v.bytes_value AS bytes,
            indexOf(keys, 'stallwatch.objects') AS objects_at,
            arrayMap((k, a, l) -> k != 'stallwatch.objects' AND (notEmpty(a) OR notEmpty(l)),
                keys, v.array_value.values, v.kvlist_value.values) AS is_nested,
            arrayMax(arrayMap((a, l) -> greatest(length(a), length(l)), v.array_value.values, v.kvlist_value.values)) AS longest_array,
            service, named_integration, denied_keys, received_at, request_id, sender, redaction_key
        FROM records
    ),
    nestings AS
    (
        SELECT
            r, keys, strings, ints, floats, bools, bytes, longest_array,
            ifNull(arrayElement(strings, objects_at), '') AS objects_text,
            if(objects_text != '', [objects_text], arrayMap(
                x -> ifNull(x, ''), arrayElement(v.array_value.values, objects_at).string_value)) AS objects,
            if(has(is_nested, 1), arrayMap((x, n) -> if(n, toJSONString(x), ''), v, is_nested), []) AS nested,
            service, named_integration, denied_keys, received_at, request_id, sender, redaction_key
        FROM values
    )
SELECT
    'logs' AS signal,
    request_id,
    fromUnixTimestamp64Micro(toInt64(nestings.received_at), 'UTC') AS received_at,
    sender, redaction_key, denied_keys,
    r.event_name AS type,
    '' AS given_time,
    if(r.time_unix_nano != 0, r.time_unix_nano, r.observed_time_unix_nano) AS happened,
    r.observed_time_unix_nano AS observed,
    r.trace_id AS trace_id,
    r.span_id AS span_id,
    service, named_integration, objects,
    keys AS attribute_keys,
    arrayMap((s, i, d, t, b, n) -> if(isNotNull(s), assumeNotNull(s), if(n != '', text_of(plain_json(n)),
            coalesce(toString(i), toString(d), toString(t), base64Encode(ifNull(b, ''))))),
        strings, ints, floats, bools, bytes, if(empty(nested), arrayMap(k -> '', keys), nested)) AS attribute_texts,
    ints AS attribute_ints,
    floats AS attribute_floats,
    bools AS attribute_bools,
    longest_array,
    multiIf(
        arrayExists(json -> match(json, '"(?:array|kvlist)_value":"'), nested), 3,
        arrayExists(json -> match(json, '"values":\\[.*"values":\\[\\{'), nested), 2,
        notEmpty(nested), 1,
        0) AS nesting,
    '' AS envelope_problem
FROM nestings;

CREATE TABLE IF NOT EXISTS landing_cloudevents
(
    event         String,
    received_at   UInt64,
    request_id    String,
    sender        String,
    redaction_key String
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS sent_cloudevents_mv TO sent_events AS
WITH
    $Policy AS policy,
    $Denied AS denied,
    (raw -> multiIf(startsWith(raw, '"'), JSONExtractString(raw), raw = 'null', '', raw)) AS raw_text,
    -- A reference is text, or an object with type and id; whatever else stands there is a bad one.
    (raw -> multiIf(
        startsWith(raw, '"'), JSONExtractString(raw),
        startsWith(raw, '{'), concat(JSONExtractString(raw, 'type'), ':', JSONExtractString(raw, 'id')),
        concat(':', raw))) AS reference_text,
    -- How deep brackets stand in JSON, strings apart.
    (raw -> arrayMax(arrayCumSum(arrayMap(
        c -> if(c IN ('[', '{'), 1, -1), extractAll(replaceRegexpAll(raw, '$Text', ''), '[\\[\\]{}]'))))) AS depth,
    ['id', 'source', 'specversion', 'type', 'time', 'subject', 'data', 'integration', 'datacontenttype'] AS envelope,
    [
        'facility', 'supplier', 'department', 'spend_category', 'criticality', 'flow_type', 'amount', 'currency', 'actor',
        'reason'] AS promoted,
    envelopes AS
    (
        SELECT
            received_at, request_id, sender, redaction_key,
            JSONType(event) = 'Object' AS is_object,
            -- What is no event at all is kept as an attribute.
            if(is_object, CAST(JSONExtractKeysAndValuesRaw(event), 'Map(String, String)'), map('event', event)) AS head
        FROM landing_cloudevents
    ),
    members AS
    (
        SELECT
            is_object, head, received_at, request_id, sender, redaction_key,
            if(startsWith(head['data'], '{'), JSONExtractKeysAndValuesRaw(head['data']), []) AS data,
            -- Kept: the members of data, the extension attributes, and data itself where it is not an object.
            arrayFilter(m -> m.1 != 'objects' AND m.2 != 'null', data) AS own,
            arrayFilter((k, x) -> NOT has(envelope, k) OR (k = 'data' AND empty(data) AND x NOT IN ('null', '{}')),
                mapKeys(head), mapValues(head)) AS extensions
        FROM envelopes
    ),
    raws AS
    (
        SELECT
            is_object, head, data, received_at, request_id, sender, redaction_key,
            raw_text(head['type']) AS type,
            raw_text(head['time']) AS given_time,
            raw_text(head['source']) AS service,
            raw_text(head['integration']) AS named_integration,
            if(head['subject'] IN ('', 'null'), '', if(startsWith(head['subject'], '"'), JSONExtractString(head['subject']), ':')) AS given_subject,
            arrayElement(data.2, indexOf(data.1, 'objects')) AS objects_raw,
            arrayConcat(
                ['stallwatch.event.id', 'stallwatch.subject'],
                arrayMap(m -> if(has(promoted, m.1), concat('stallwatch.', m.1), m.1), own),
                extensions) AS keys,
            arrayConcat(
                [head['id'], toJSONString(replaceRegexpOne(given_subject, '^([^/:]+)[/:](.+)$', '\\1:\\2'))],
                own.2, arrayMap(k -> head[k], extensions)) AS raws,
            extractGroups(
                raw_text(head['traceparent']), '^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}') AS trace_parts
        FROM members
    ),
    fields AS
    (
        SELECT
            *,
            denied(arrayDistinct(keys), policy.overrides[multiIf(sender != '', sender, named_integration != '', named_integration, service)])
                AS denied_keys,
            -- RFC 3339, with its zone: a time without one could mean anything.
            if(match(given_time, concat(
                    '^(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?',
                    '([Zz]|[+-](0[0-9]|1[0-4]):[0-5][0-9])$')),
                parseDateTime64BestEffortOrNull(upper(given_time), 6, 'UTC'), NULL) AS happened_at,
            arrayMap(raw -> raw_text(raw), raws) AS texts,
            arrayMap(raw -> if(match(raw, '^-?[0-9]'), toInt64OrNull(raw), NULL), raws) AS ints,
            arrayMap(raw -> startsWith(raw, '[') OR startsWith(raw, '{'), raws) AS is_nested
        FROM raws
    )
SELECT
    'cloudevents' AS signal,
    request_id,
    fromUnixTimestamp64Micro(toInt64(fields.received_at), 'UTC') AS received_at,
    sender, redaction_key, denied_keys, type, given_time,
    multiIf(
        given_time = '', 0,
        ifNull(happened_at BETWEEN '1990-01-01 00:00:00' AND '2199-12-31 23:59:59.999999', false),
            toUInt64(toUnixTimestamp64Micro(assumeNotNull(happened_at))) * 1000,
        1) AS happened, -- 1 is out of range, too
    0 AS observed,
    unhex(trace_parts[1]) AS trace_id,
    unhex(trace_parts[2]) AS span_id,
    service, named_integration,
    multiIf(
        objects_raw IN ('', 'null', '""'), [],
        startsWith(objects_raw, '['), arrayMap(x -> reference_text(x), JSONExtractArrayRaw(objects_raw)),
        [reference_text(objects_raw)]) AS objects,
    keys AS attribute_keys,
    texts AS attribute_texts,
    ints AS attribute_ints,
    arrayMap((raw, i) -> if(isNull(i) AND match(raw, '^-?[0-9]'), toFloat64OrNull(raw), NULL), raws, ints) AS attribute_floats,
    arrayMap(raw -> if(raw IN ('true', 'false'), raw = 'true', NULL), raws) AS attribute_bools,
    greatest(
        length(objects),
        if(has(is_nested, 1), arrayMax((raw, n) -> if(n, JSONLength(raw), 0), raws, is_nested), 0)) AS longest_array,
    least(if(has(is_nested, 1), arrayMax((raw, n) -> if(n, depth(raw), 0), raws, is_nested), 0), 255) AS nesting, -- of 8 bits
    multiIf(NOT is_object, 'not_an_event', raw_text(head['specversion']) != '1.0', 'bad_specversion', '') AS envelope_problem
FROM fields;
