import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span
from support.otlp import event, logs, span, traces

from collector.errors import RequestError, TooLargeError
from collector.otlp import MOST_RECORDS, check_logs, check_traces, wire
from collector.stamps import Stamps


def test_records_are_counted_over_all_groups() -> None:
    assert check_logs(logs(event(), event()) + logs(event())).records == 3  # messages concatenate
    assert check_traces(traces(span(1))).records == 1
    assert check_traces(b"").records == 0


def test_a_body_of_known_fields_is_passed_on_as_it_is() -> None:
    body = logs(event())

    assert check_logs(body).body is body


def test_a_field_of_our_own_in_a_senders_body_is_dropped() -> None:
    body = logs(event())

    checked = check_logs(body + wire(Stamps("forged", 1)))

    assert b"forged" not in checked.body
    assert ExportLogsServiceRequest.FromString(checked.body) == ExportLogsServiceRequest.FromString(body)


@pytest.mark.parametrize("body", [b"\xff", b"not protobuf at all", logs(event())[:-1], b"\x0a\x05abc"])
def test_what_is_no_protobuf_is_refused(body: bytes) -> None:
    with pytest.raises(RequestError, match="not a protobuf ExportLogsServiceRequest"):
        check_logs(body)


def test_text_that_is_not_utf_8_is_refused() -> None:
    body = traces(span(name="marker")).replace(b"marker", b"\xffarker")

    with pytest.raises(RequestError):
        check_traces(body)


def test_logs_sent_as_traces_are_refused_with_a_hint() -> None:
    with pytest.raises(RequestError, match="/v1/logs"):
        check_traces(logs(event()))


def test_spans_sent_as_logs_are_refused_with_a_hint() -> None:
    body = traces(span(name=""))  # a name would not even parse as the body of a record

    with pytest.raises(RequestError, match="/v1/traces"):
        check_logs(body)


@pytest.mark.parametrize("more", [0, 1])
def test_a_body_of_more_records_than_are_taken_at_once_is_refused(more: int) -> None:
    scope = ScopeSpans(spans=[Span() for _ in range(MOST_RECORDS + more)])
    body = ExportTraceServiceRequest(resource_spans=[ResourceSpans(scope_spans=[scope])]).SerializeToString()

    if more:
        with pytest.raises(TooLargeError, match="smaller batches"):
            check_traces(body)
    else:
        assert check_traces(body).records == MOST_RECORDS
