"""Telemetry from encoders that are not ours, over real ports, read back from the store: JavaScript's and Python's.

What is expected is written here and in foreign/send.mjs by hand, once each.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry import trace
from opentelemetry._logs import LogRecord
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpanExporter
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event as SpanEvent
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
from support.served import Served

from core.clickhouse import Database

pytestmark = [pytest.mark.database, pytest.mark.enable_socket]

FOREIGN = Path(__file__).with_name("foreign")
TRACE_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
AT, LATER = 1_772_616_600_123_456_789, 1_772_616_601_123_456_790  # nanoseconds: 2026-03-04 09:30
ATTRIBUTES = {
    "text": "Zürich 😀", "whole": 9007199254740994, "negative": -7, "part": 0.1, "yes": True, "no": False, "list": ["a", "b"],
}  # fmt: skip
EVENT_FIELDS = {
    "stallwatch.subject": "invoice:INV-1", "stallwatch.objects": ["purchase_order:45"], "stallwatch.amount": 12.5,
    "stallwatch.currency": "USD",
}  # fmt: skip
SERVICE = {"service.name": "erp-adapter", "stallwatch.integration": "erp"}


def attributes_of(row: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a fact, each of its own type; the list is kept as JSON text."""
    texts = {**row["attributes_string"], "list": json.loads(row["attributes_string"]["list"])}
    return {**texts, **row["attributes_int"], **row["attributes_float"], **row["attributes_bool"]}


def spans(database: Database) -> dict[str, dict[str, Any]]:
    """The spans stored, by span id."""
    statement = "SELECT *, toUnixTimestamp64Nano(started_at) AS started, toUnixTimestamp64Nano(`events.at`[1]) AS retried FROM spans"
    return {row["span_id"].hex(): row for row in database.rows(statement)}


def events(database: Database) -> dict[str, dict[str, Any]]:
    """The events stored, by event id."""
    rows = database.rows("SELECT *, toUnixTimestamp64Micro(occurred_at) AS occurred FROM events")
    return {row["event_id"]: row for row in rows}


def check_span(row: dict[str, Any]) -> None:
    assert (row["trace_id"].hex(), row["parent_span_id"].hex()) == (TRACE_ID, PARENT_ID)
    assert (row["integration"], row["service"], row["name"], row["kind"]) == ("erp", "erp-adapter", "post invoice", 3)
    assert (row["started"], row["duration_ns"]) == (AT, LATER - AT)
    assert (row["status_code"], row["status_message"]) == (2, "refused")
    assert [f"{each['type']}:{each['id']}" for each in row["objects"]] == ["invoice:INV-1", "purchase_order:45"]
    assert (row["events.name"], row["retried"], row["events.attributes"]) == (["retry"], AT, [{"attempt": "2"}])
    assert attributes_of(row) == ATTRIBUTES


def check_event(row: dict[str, Any]) -> None:
    assert (row["type"], row["integration"], row["occurred"]) == ("invoice.received", "erp", AT // 1000)
    assert (row["trace_id"].hex(), row["span_id"].hex()) == (TRACE_ID, PARENT_ID)
    assert (row["subject_type"], row["subject_id"]) == ("invoice", "INV-1")
    assert [f"{each['type']}:{each['id']}" for each in row["objects"]] == ["invoice:INV-1", "purchase_order:45"]
    assert (row["amount"], row["currency"]) == (Decimal("12.5"), "USD")
    assert attributes_of(row) == ATTRIBUTES


def check_cloudevent(row: dict[str, Any]) -> None:
    subject = "100% INV" if row["event_id"] == "binary" else "Zü 😀 100%"
    assert (row["type"], row["integration"], row["occurred"]) == ("invoice.received", "erp", AT // 10**6 * 1000)
    assert (row["trace_id"].hex(), row["span_id"].hex()) == (TRACE_ID, PARENT_ID)
    assert (row["subject_type"], row["subject_id"]) == ("invoice", subject)
    assert (row["amount"], row["currency"]) == (Decimal("12.5"), "USD")
    assert row["attributes_string"]["note"] == "Zürich 😀"
    assert (row["attributes_int"], row["attributes_bool"]) == ({"whole": 9007199254740994}, {"yes": True})


def javascript(served: Served, *, in_ci: bool) -> dict[str, dict[str, Any]]:
    """Send with every JavaScript encoder, and return what each was told."""
    if shutil.which("node") is None or not (FOREIGN / "node_modules").exists():
        missing = "node, or tests/conformance/foreign/node_modules (`make test` installs it), is missing: no JavaScript encoder was tried"
        (pytest.fail if in_ci else pytest.skip)(missing)
    command = ["node", "send.mjs", f"http://127.0.0.1:{served.http_port}", f"http://127.0.0.1:{served.grpc_port}"]
    done = subprocess.run(command, cwd=FOREIGN, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_javascript_encoder_is_understood(served: Served, database: Database, *, in_ci: bool) -> None:
    told = javascript(served, in_ci=in_ci)

    otlp = [f"{signal} {form}" for signal in ("traces", "logs") for form in ("proto", "http", "grpc")]
    assert [told[kind] for kind in otlp] == [{"sent": 1, "code": 0, "error": ""}] * len(otlp)
    assert {kind: answer["answer"]["accepted"] for kind, answer in told.items() if kind not in otlp} == {
        "events binary": 1, "events structured": 1, "events batch": 2,
    }  # fmt: skip
    assert database.rows("SELECT * FROM quarantine") == []
    stored_spans, stored_events = spans(database), events(database)
    assert set(stored_spans) == {f"00f067aa0ba902b{form}" for form in range(3)}
    assert set(stored_events) == {"proto", "http", "grpc", "binary", "structured", "batch 1", "batch 2"}
    for row in stored_spans.values():
        check_span(row)
    for form in ("proto", "http", "grpc"):
        check_event(stored_events.pop(form))
    for row in stored_events.values():
        check_cloudevent(row)


def a_span(span_id: str) -> ReadableSpan:
    def context(of: str) -> SpanContext:
        return SpanContext(int(TRACE_ID, 16), int(of, 16), is_remote=False, trace_flags=TraceFlags(1))

    return ReadableSpan(
        "post invoice", context(span_id), context(PARENT_ID), Resource(SERVICE), kind=SpanKind.CLIENT,
        attributes={**ATTRIBUTES, "stallwatch.objects": ["invoice:INV-1", "purchase_order:45"]},
        events=[SpanEvent("retry", {"attempt": 2}, AT)], status=Status(StatusCode.ERROR, "refused"),
        start_time=AT, end_time=LATER,
    )  # fmt: skip


def a_record(event_id: str) -> ReadableLogRecord:
    parent = SpanContext(int(TRACE_ID, 16), int(PARENT_ID, 16), is_remote=False, trace_flags=TraceFlags(1))
    record = LogRecord(
        timestamp=AT, observed_timestamp=LATER, event_name="invoice.received",
        context=trace.set_span_in_context(trace.NonRecordingSpan(parent)),
        attributes={**ATTRIBUTES, **EVENT_FIELDS, "stallwatch.event.id": event_id},
    )  # fmt: skip
    return ReadableLogRecord(record, Resource(SERVICE))


@pytest.fixture
def python_exporters(served: Served) -> Iterator[list[Any]]:
    """An exporter of spans and one of logs for each transport, packed and plain."""
    http, rpc = f"http://127.0.0.1:{served.http_port}", f"http://127.0.0.1:{served.grpc_port}"
    made = [
        HttpSpanExporter(f"{http}/v1/traces", compression=Compression.Gzip),
        GrpcSpanExporter(rpc, insecure=True, compression=grpc.Compression.Gzip),
        HttpSpanExporter(f"{http}/v1/traces", compression=Compression.Deflate),
        GrpcSpanExporter(rpc, insecure=True),
        HttpLogExporter(f"{http}/v1/logs", compression=Compression.Gzip),
        GrpcLogExporter(rpc, insecure=True, compression=grpc.Compression.Gzip),
    ]
    yield made
    for exporter in made:
        exporter.shutdown()


def test_every_python_encoder_is_understood(python_exporters: list[Any], database: Database) -> None:
    *of_spans, http_logs, grpc_logs = python_exporters
    results = [exporter.export([a_span(f"00f067aa0ba902b{place}")]) for place, exporter in enumerate(of_spans)]
    results += [http_logs.export([a_record("http")]), grpc_logs.export([a_record("grpc")])]

    assert {result.name for result in results} == {"SUCCESS"}
    assert database.rows("SELECT * FROM quarantine") == []
    stored_spans, stored_events = spans(database), events(database)
    assert (len(stored_spans), set(stored_events)) == (len(of_spans), {"http", "grpc"})
    for row in stored_spans.values():
        check_span(row)
    for row in stored_events.values():
        check_event(row)
