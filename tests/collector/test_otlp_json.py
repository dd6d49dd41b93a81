import json
import math
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from support.otlp import SPAN_ID, TRACE_ID, event, logs, span, traces
from support.otlp_text import otlp_json

from collector.errors import RequestError, TooLargeError
from collector.otlp_json import MOST_LEVELS, logs_from_json, traces_from_json

BEYOND_DOUBLES = 2**53 + 1


def of_spans(**span: Any) -> bytes:
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()


def one_span(**fields: Any) -> Span:
    request = ExportTraceServiceRequest.FromString(traces_from_json(of_spans(**fields)).body)
    return request.resource_spans[0].scope_spans[0].spans[0]


def one_value(value: Any) -> AnyValue:
    return one_span(attributes=[{"key": "k", "value": value}]).attributes[0].value


def test_the_example_of_the_standard_is_read() -> None:
    """From opentelemetry-proto 1.5, examples/logs.json, cut down."""
    body = b"""{"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "my.service"}}]},
        "scopeLogs": [{"scope": {"name": "my.library", "version": "1.0.0"}, "logRecords": [{
            "timeUnixNano": "1544712660300000000", "observedTimeUnixNano": "1544712660300000000", "severityNumber": 10,
            "severityText": "Information", "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
            "body": {"stringValue": "Example log record"},
            "attributes": [{"key": "map.attribute", "value": {"kvlistValue": {"values": [
                {"key": "some.map.key", "value": {"stringValue": "some value"}}]}}}]}]}]}]}"""

    [group] = ExportLogsServiceRequest.FromString(logs_from_json(body).body).resource_logs

    record = group.scope_logs[0].log_records[0]
    assert group.resource.attributes[0].value.string_value == "my.service"
    assert (group.scope_logs[0].scope.name, group.scope_logs[0].scope.version) == ("my.library", "1.0.0")
    assert (record.time_unix_nano, record.severity_number) == (1544712660300000000, 10)
    assert record.trace_id == bytes.fromhex("5b8efff798038103d269b633813fc60c")
    assert record.span_id == bytes.fromhex("eee19b7ec3c1b174")
    assert record.attributes[0].value.kvlist_value.values[0].value.string_value == "some value"


EVERYTHING = {
    "text": "Zürich 😀", "whole": BEYOND_DOUBLES, "least": -(2**63), "part": 0.1, "yes": True, "no": False, "raw": b"\0\xff",
    "none": None, "list": [1, "a", None, [True, {"x": [2.5]}], b"\1"], "map": {"a": {"b": [{}]}}, "empty": "", "zero": 0,
}  # fmt: skip


def test_all_that_protobuf_can_say_json_can_say() -> None:
    a_span = span(attributes=EVERYTHING, parent_span_id=SPAN_ID, trace_state="a=b", flags=257, dropped_links_count=2)
    a_span.events.add(name="retry", time_unix_nano=BEYOND_DOUBLES).attributes.add(key="n").value.int_value = 1
    a_span.links.add(trace_id=TRACE_ID, span_id=SPAN_ID)
    a_span.status.code = 2
    records = logs(event(attributes=EVERYTHING), LogRecord(body=AnyValue(string_value="b"), trace_id=TRACE_ID))
    spans = traces(a_span, resource={"service.name": "erp", "x": [1]})

    for body, kind, read in (
        (spans, ExportTraceServiceRequest, traces_from_json),
        (records, ExportLogsServiceRequest, logs_from_json),
    ):
        text = json.dumps(otlp_json(MessageToDict(kind.FromString(body), use_integers_for_enums=True)))
        assert kind.FromString(read(text.encode()).body) == kind.FromString(body)


@pytest.mark.parametrize("given", ["0af7651916cd43dd8448eb211c80319c", "0AF7651916CD43DD8448EB211C80319C"])
def test_ids_are_hex_in_any_case(given: str) -> None:
    assert one_span(traceId=given, spanId="B7ad6B7169203331").trace_id == TRACE_ID


@pytest.mark.parametrize("given", ["", "ab", "ab" * 24])
def test_an_id_of_another_length_is_left_to_the_record(given: str) -> None:
    assert one_span(traceId=given).trace_id == bytes.fromhex(given)


@pytest.mark.parametrize(
    "given", ["CvdlGRbNQ92ESOshHIAxnA==", "abc", "0af7 651916cd43dd8448eb211c80319", "ü" * 32, 7, [], True]
)
def test_an_id_that_is_not_hex_is_refused_with_its_place(given: Any) -> None:
    with pytest.raises(RequestError, match=r"resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.traceId: ") as refused:
        traces_from_json(of_spans(traceId=given))
    assert str(given) not in str(refused.value) or isinstance(given, bool | list | int)


@pytest.mark.parametrize("given", [BEYOND_DOUBLES, str(BEYOND_DOUBLES)])
def test_integers_are_exact_as_number_and_as_text(given: Any) -> None:
    assert one_span(startTimeUnixNano=given).start_time_unix_nano == BEYOND_DOUBLES
    assert one_value({"intValue": given}).int_value == BEYOND_DOUBLES
    assert one_value({"intValue": f"-{given}"}).int_value == -BEYOND_DOUBLES


def test_a_whole_number_may_be_written_as_a_decimal() -> None:
    assert one_value({"intValue": 3.0}).int_value == 3


@pytest.mark.parametrize("given", [1.5, "1.5", "1_0", " 1", "", "٣", True, 2**63, "-9223372036854775809", [], "9" * 25])
def test_what_is_no_64_bit_integer_is_refused(given: Any) -> None:
    with pytest.raises(RequestError, match=r"attributes\[0\]\.value\.intValue: expected a"):
        one_value({"intValue": given})


@pytest.mark.parametrize(
    ("given", "meant"), [(1, 1.0), (0.1, 0.1), ("1e3", 1000.0), ("Infinity", math.inf), ("-Infinity", -math.inf)]
)
def test_doubles_are_numbers_or_text(given: Any, meant: float) -> None:
    assert one_value({"doubleValue": given}).double_value == meant


def test_nan_is_text_in_json() -> None:
    assert math.isnan(one_value({"doubleValue": "NaN"}).double_value)


@pytest.mark.parametrize("given", ["nan", "1e999", 10**400, "1_0", True, None, [1]])
def test_what_is_no_double_is_not_taken_for_one(given: Any) -> None:
    if given is None:
        assert one_value({"doubleValue": given}).WhichOneof("value") is None
        return
    with pytest.raises(RequestError, match="doubleValue"):
        one_value({"doubleValue": given})


@pytest.mark.parametrize(("given", "meant"), [(2, 2), (0, 0), (77, 77), ("SPAN_KIND_SERVER", 2), (None, 0)])
def test_an_enum_is_a_number_or_its_name_and_0_where_left_out(given: Any, meant: int) -> None:
    assert one_span(kind=given).kind == meant


@pytest.mark.parametrize("given", ["SERVER", "2", 2**31, 1.5, True])
def test_another_word_for_an_enum_is_refused(given: Any) -> None:
    with pytest.raises(RequestError, match=r"spans\[0\]\.kind: expected a"):
        one_span(kind=given)


@pytest.mark.parametrize("given", ["+/8=", "-_8=", "-_8"])
def test_bytes_are_base64_of_either_alphabet_padded_or_not(given: str) -> None:
    assert one_value({"bytesValue": given}).bytes_value == b"\xfb\xff"


@pytest.mark.parametrize("given", ["a", "a b=", "€", 7])
def test_bytes_that_are_not_base64_are_refused(given: Any) -> None:
    with pytest.raises(RequestError, match="bytesValue"):
        one_value({"bytesValue": given})


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"stringValue": None},
        {"arrayValue": {}},
        {"arrayValue": {"values": []}},
        {"kvlistValue": {}},
        {"arrayValue": {"values": [{}]}},
    ],
)
def test_empty_values_are_legal(value: Any) -> None:
    assert one_value(value).WhichOneof("value") in {None, "array_value", "kvlist_value"}


def test_an_attribute_has_one_value() -> None:
    with pytest.raises(RequestError, match="a second value beside string_value"):
        one_value({"stringValue": "a", "intValue": 1})


def test_unknown_fields_are_ignored_at_every_level() -> None:
    new = {"new": {"deep": [1]}, "newer": None}
    value = {"stringValue": "v", **new}
    a_span = {"name": "post", "attributes": [{"key": "k", "value": value, **new}], "status": {"code": 2, **new}, **new}
    group = {"scopeSpans": [{"spans": [a_span], **new}], "resource": {**new}, **new}

    converted = traces_from_json(json.dumps({"resourceSpans": [group], **new}).encode())

    [read] = ExportTraceServiceRequest.FromString(converted.body).resource_spans[0].scope_spans[0].spans
    assert (read.name, read.attributes[0].value.string_value, read.status.code) == ("post", "v", 2)
    assert converted.warning == ""


def test_keys_in_snake_case_are_not_honoured_and_the_sender_hears_of_it() -> None:
    converted = traces_from_json(
        b'{"resource_spans": [{}], "resourceSpans": [{"scope_spans": [{}], "schema_url": "u"}]}'
    )

    request = ExportTraceServiceRequest.FromString(converted.body)
    assert (len(request.resource_spans), request.resource_spans[0].schema_url) == (1, "")
    assert converted.warning.endswith("lowerCamelCase: resource_spans, schema_url, scope_spans")


@pytest.mark.parametrize("body", [b"{}", b'{"resourceSpans":[]}', b'{"resourceSpans":null}', b' {"x": 1} '])
def test_an_empty_request_is_legal(body: bytes) -> None:
    assert traces_from_json(body).body == b""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b"[]", "expected an object, got an array"),
        (b"null", "expected an object, got null"),
        (b'{"resourceSpans": {}}', "resourceSpans: expected an array, got an object"),
        (b'{"resourceSpans": [null]}', r"resourceSpans\[0\]: expected an object, got null"),
        (b'{"resourceLogs": []}', "send it to /v1/logs"),
        (of_spans(name=7), "name: expected text, got a number"),
        (of_spans(name="\ud800"), "text in Unicode"),
        (of_spans(startTimeUnixNano=-1), "in range"),
        (b'{"a":' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_what_is_no_request_is_refused_with_a_reason(body: bytes, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        traces_from_json(body)


def test_spans_sent_as_log_records_are_refused_with_a_hint() -> None:
    with pytest.raises(RequestError, match="send it to /v1/traces"):
        logs_from_json(b'{"resourceSpans": []}')


def test_nesting_is_read_to_the_depth_that_protobuf_reads_and_refused_beyond() -> None:
    def nested(depth: int) -> dict:
        value: dict = {"intValue": 1}
        for _ in range(depth):
            value = {"arrayValue": {"values": [value]}}
        return value

    levels_above = 5  # request, resource, scope, span, attribute
    deepest = (MOST_LEVELS - levels_above) // 2
    assert one_value(nested(deepest)).WhichOneof("value") == "array_value"
    with pytest.raises(RequestError, match="nested deeper than 100 levels"):
        one_value(nested(deepest + 1))


@pytest.mark.parametrize("values", ['{"a":1},' * 1_000_001, "1," * 5_000_001], ids=["objects", "numbers"])
def test_json_of_more_values_than_memory_is_meant_for_is_refused_unread(values: str) -> None:
    with pytest.raises(TooLargeError, match="more values"):
        traces_from_json(b'{"resourceSpans": [' + values.encode())
