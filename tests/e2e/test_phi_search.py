"""Private values are sent by every way in, well and badly made, and are then searched for wherever anything is kept or shown.

A marker that is not private goes with them: where the search does not find the marker, it would not have found them either.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from support.otlp import any_value, cloudevent, event, key_values, logs, span, traces
from support.told_addresses import told_addresses

from core.clickhouse import Database

ROOT = Path(__file__).parents[2]
MARKER = "findme77"
NAME = "Zebulon Quackenbush"
# Numbers that no one has: SSNs do not begin with 9; cards and accounts are the ones that schemes publish for tests.
NEEDLES = (
    "900-12-3456", "00918273", "02/29/1952", "zeb.q@example.org", "4111 1111 1111 1111", "5555555555554444",
    "DE89370400440532013000", "998877665544", "021000021", NAME,
)  # fmt: skip
TEXT = (
    f"{MARKER}: 900-12-3456, MRN 00918273, DOB 02/29/1952, zeb.q@example.org, 4111 1111 1111 1111, 5555555555554444, "
    "DE89370400440532013000, bank account 998877665544, routing 021000021"
)
WITHHELD = {"patient.name": NAME, "nested": {"patient_name": NAME}, "json": json.dumps({"patientName": NAME})}
GIVEN = {"note": TEXT, "list": [TEXT, "x"], "deep": {"er": [TEXT]}, TEXT: "key", "ref": 4111111111111111, **WITHHELD}
PROTOBUF, JSON = "application/x-protobuf", "application/json"
READ = """
import sys
from core.clickhouse import Database
database = Database.open(sys.argv[1])
named = "SELECT database, name FROM system.tables WHERE engine LIKE '%MergeTree' OR name LIKE '%\\\\_log' OR name = 'errors'"
for row in database.rows(named):
    if row["database"] in (database.name, "system"):
        print("TABLE", row["database"] == "system", row["name"], flush=True)
        sys.stdout.buffer.write(database.export(f"SELECT * FROM {row['database']}.{row['name']}", "TSVRaw") + b"\\n")
        sys.stdout.flush()
"""

pytestmark = [pytest.mark.database, pytest.mark.process, pytest.mark.enable_socket]


def bad_and_good_spans() -> bytes:
    """Spans with private values in every place, and one for each reason to refuse them that a sender can give."""
    full = span(1, GIVEN, name=TEXT, status=Status(code=2, message=TEXT))
    flat = {key: value for key, value in GIVEN.items() if key != "deep"}  # events of spans nest one level less
    full.events.add(name=TEXT, time_unix_nano=full.start_time_unix_nano).attributes.extend(key_values(flat))
    start = full.start_time_unix_nano
    bad: list[dict[str, Any]] = [
        {"trace_id": b""}, {"span_id": b"x"}, {"parent_span_id": b"x"}, {"start_time_unix_nano": 0},
        {"end_time_unix_nano": start - 1}, {"start_time_unix_nano": 2**60}, {"start_time_unix_nano": 10**18},
        {"attributes": GIVEN | {"stallwatch.objects": [TEXT]}}, {"attributes": GIVEN | {"stallwatch.objects": [f"user:{TEXT}"]}},
        {"attributes": GIVEN | {f"a{n}": TEXT for n in range(300)}}, {"attributes": GIVEN | {f"{TEXT} " * 9: TEXT}},
        {"attributes": GIVEN | {"long": f"{TEXT} " * 900}}, {"attributes": GIVEN | {"many": [TEXT] * 1001}},
        {"attributes": GIVEN | {"deep": [[[[TEXT]]]]}},
    ]  # fmt: skip
    refused = [span(n + 2, **{"attributes": GIVEN, **each}) for n, each in enumerate(bad)]
    resource = {"service.name": TEXT, "owner": TEXT, "who": {"mail": TEXT}, **WITHHELD}
    return traces(full, *refused, resource=resource)


def bad_and_good_logs() -> bytes:
    """Events with private values in every place, and one for each reason to refuse them."""
    fields = (
        "facility",
        "supplier",
        "department",
        "spend_category",
        "criticality",
        "flow_type",
        "currency",
        "actor",
        "reason",
    )
    full = event(f"mail.{TEXT}"[:200], attributes=GIVEN, **dict.fromkeys(fields, TEXT))
    full.body.CopyFrom(any_value(TEXT))
    bad = [
        event("", reason=TEXT), event(subject=TEXT), event(subject=f"user:{TEXT}"), event(objects=[f"user:{TEXT}"]),
        event(event_id=TEXT), event(amount=TEXT), event("object.described", subject=None, reason=TEXT),
        event(attributes=GIVEN | {f"a{n}": TEXT for n in range(300)}), event(attributes={"deep": [[[[TEXT]]]]}),
        event(attributes={"long": f"{TEXT} " * 900}), event(attributes={f"{TEXT} " * 9: TEXT}), event(attributes={"many": [TEXT] * 1001}),
    ]  # fmt: skip
    return logs(full, *bad, resource={"service.name": TEXT})


CLOUDEVENTS: list[Any] = [
    *(cloudevent(id=f"C-{n}", **each) for n, each in enumerate([
        {"data": {**GIVEN, "actor": TEXT, "reason": TEXT}}, {"source": TEXT}, {"type": TEXT}, {"subject": f"user/{TEXT}"},
        {"time": TEXT}, {"integration": TEXT}, {"ext": TEXT}, {"data": TEXT}, {"data": [TEXT]}, {"traceparent": TEXT},
        {"data": {"amount": TEXT}}, {"data": {"objects": [TEXT, {"type": "user", "id": TEXT}]}}, {"specversion": TEXT},
        {"datacontenttype": TEXT}, {"dataschema": TEXT}, {"data": {"deep": [[[[TEXT]]]]}}, {"data_base64": TEXT},
    ])),
    cloudevent(id=TEXT), TEXT, [TEXT], {TEXT: TEXT},
]  # fmt: skip


def requests() -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Everything that is sent over HTTP: path, headers, body."""
    spans, records = bad_and_good_spans(), bad_and_good_logs()
    yield "/v1/traces", {"content-type": PROTOBUF}, spans
    yield "/v1/logs", {"content-type": PROTOBUF, "content-encoding": "gzip"}, gzip.compress(records)
    for path, kind, body in (("traces", ExportTraceServiceRequest, spans), ("logs", ExportLogsServiceRequest, records)):
        message = MessageToDict(kind.FromString(body))
        yield f"/v1/{path}", {"content-type": JSON}, json.dumps(message).replace("post", MARKER).encode()
        yield f"/v1/{path}", {"content-type": JSON}, f'{{"resource{path}": "{TEXT}", "x": {TEXT}'.encode()
        yield f"/v1/{path}", {"content-type": JSON}, json.dumps({f"resource{path.title()}": [TEXT]}).encode()
        yield f"/v1/{path}", {"content-type": PROTOBUF}, TEXT.encode() + body
        yield f"/v1/{path}", {"content-type": PROTOBUF, "content-encoding": "gzip"}, TEXT.encode()
        yield f"/v1/{path}", {"content-type": f"text/{NEEDLES[3]}"}, body
        yield f"/v1/{path}", {"content-type": PROTOBUF, "content-encoding": TEXT}, body
        yield f"/v1/{path}?q={NEEDLES[0]}", {"content-type": PROTOBUF, "authorization": f"Bearer {TEXT}"}, body[:-3]
    wrong = {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": 5, "kind": TEXT, "startTimeUnixNano": TEXT}]}]}]}
    yield "/v1/traces", {"content-type": JSON}, json.dumps(wrong).encode()
    yield "/v1/events", {"content-type": "application/cloudevents-batch+json"}, json.dumps(CLOUDEVENTS).encode()
    for each in CLOUDEVENTS:
        yield "/v1/events", {"content-type": "application/cloudevents+json"}, json.dumps(each).encode()
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "B-1",
        "ce-type": "mail.sent",
        "ce-source": "/erp",
        "content-type": JSON,
    }
    for changed in (
        {},
        {"ce-subject": TEXT},
        {"ce-id": TEXT},
        {"ce-time": TEXT},
        {"ce-ext": TEXT},
        {"content-type": TEXT},
    ):
        yield "/v1/events", {**headers, **changed}, json.dumps(GIVEN).encode()
    yield "/v1/events", headers, f'{{"note": "{TEXT}'.encode()
    yield "/v1/events", {**headers, "content-type": "text/plain"}, TEXT.encode()
    yield f"/v1/{NEEDLES[0]}", {"content-type": PROTOBUF}, TEXT.encode()


# Where the marker must be found.
PLACES = {
    "answers", "page /quarantine", "page of a record", "api /api/v1/quarantine", "api /api/v1/quarantine.csv",
    "table quarantine", "table spans", "table events",
}  # fmt: skip


@dataclass
class Found:
    """What was read, by where: each place is searched for private values."""

    places: dict[str, bytes] = field(default_factory=dict)

    def add(self, place: str, content: bytes) -> None:
        """Take note of what stands in a place."""
        self.places[place] = self.places.get(place, b"") + content

    def with_private_values(self) -> dict[str, list[str]]:
        """Return the places in which a private value was found."""
        found = {place: [each for each in NEEDLES if each.encode() in text] for place, text in self.places.items()}
        return {place: needles for place, needles in found.items() if needles}

    def with_marker(self) -> set[str]:
        """Return the places in which the marker was found."""
        return {place for place, text in self.places.items() if MARKER.encode() in text}


@pytest.fixture
def dsn(request: pytest.FixtureRequest, empty_database: Database, store_dsn: str, tmp_path: Path) -> str:
    """Where the process stores: a directory of its own, or a database of its own in the engine that listens."""
    if request.config.getoption("--store") == "embedded":
        return f"chdb://{tmp_path}/db"
    return f"{store_dsn.rpartition('/')[0]}/{empty_database.name}"


@contextmanager
def serving(dsn: str, directory: Path, key: str, found: Found) -> Iterator[list[str]]:
    """Run `stallwatch serve`; hand out where console, HTTP and gRPC listen, and keep all that it prints."""
    settings = {"DSN": dsn, "DATA_DIR": str(directory), "LOG_LEVEL": "debug"} | ({"REDACTION_KEY": key} if key else {})
    settings |= {f"{name}_PORT": "0" for name in ("CONSOLE", "OTLP", "OTLP_GRPC")}
    log = directory / "stderr"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-c", "from stallwatch.cli import main; main()", "serve"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True,
            env={"PYTHONPATH": str(ROOT), **{f"STALLWATCH_{name}": value for name, value in settings.items()}},
        )  # fmt: skip
    try:
        yield told_addresses(process, log.read_text)
    finally:
        process.terminate()
        found.add("log", process.communicate(timeout=60)[0].encode() + log.read_bytes())


@pytest.mark.parametrize("key", ["", "k" * 32], ids=["dropped", "hashed"])
def test_no_private_value_is_found_in_any_table_file_log_page_export_or_answer(
    dsn: str, tmp_path: Path, key: str
) -> None:
    found = Found()

    with serving(dsn, tmp_path, key, found) as (console, collector, rpc):
        send(collector, rpc, found)
        look(console, found)
    for file in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        found.add(f"file {file.suffix}", file.read_bytes())
    for table, content in tables(dsn).items():
        found.add(f"table {table}", content)

    assert found.with_private_values() == {}
    assert found.with_marker() >= PLACES
    assert b"[card" in found.places["table spans"]


def send(collector: str, rpc: str, found: Found) -> None:
    """Send everything, and keep the answers."""
    stored = 0
    with httpx.Client(base_url=collector, timeout=60) as client:
        for path, headers, body in requests():
            answer = client.post(path, headers={key: value.encode() for key, value in headers.items()}, content=body)
            assert answer.status_code < 500, answer.text
            stored += answer.status_code == 200
            found.add("answers", repr(answer.headers).encode() + answer.content)
    assert stored > 20
    with grpc.insecure_channel(rpc) as channel:
        for name, body in (("trace.v1.Trace", bad_and_good_spans()), ("logs.v1.Logs", bad_and_good_logs())):
            call = channel.unary_unary(f"/opentelemetry.proto.collector.{name}Service/Export")
            found.add("answers", call(body, timeout=60))
            with pytest.raises(grpc.RpcError) as refused:
                call(TEXT.encode(), timeout=60)
            found.add("answers", str(refused.value).encode())


def look(console: str, found: Found) -> None:
    """Read every page, list and export that needs no name, our metrics, and the records in quarantine."""
    with httpx.Client(base_url=console, timeout=60, follow_redirects=True) as client:
        published = client.get("/api/v1/openapi.json").json()["paths"]
        lists = [path for path, verbs in published.items() if "get" in verbs and "{" not in path]
        pages = (
            "/",
            "/journeys",
            "/exceptions",
            "/integrations",
            "/kpis",
            "/lag",
            "/alerts",
            "/quarantine",
            "/metrics",
        )
        for kind, paths in (("api", lists), ("page", pages)):
            for path in paths:
                found.add(f"{kind} {path}", client.get(path).content)
        for record in client.get("/api/v1/quarantine").json()["items"]:
            found.add("page of a record", client.get(f"/quarantine/{record['id']}").content)


def tables(dsn: str) -> dict[str, bytes]:
    """Every table that keeps anything, and what the engine keeps of statements and errors, by name."""
    told = subprocess.run(
        [sys.executable, "-c", READ, dsn], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    ).stdout  # fmt: skip
    parts = [part.partition(b"\n") for part in told.split(b"TABLE ")[1:]]
    return {head.split()[1].decode(): content for head, _, content in parts}
