"""Case 23 on `stallwatch serve` itself: SIGTERM in the middle of requests. What was acknowledged is there; the rest is told."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import grpc
import httpx
import pytest
from support.conformance import PROTOBUF
from support.otlp import event, logs
from support.served import half_a_call, refused
from support.told_addresses import told_addresses

from core.clickhouse import Database

ROOT = Path(__file__).parents[2]
READ = """
import json, sys
from core.clickhouse import Database
print(json.dumps([row["event_id"] for row in Database.open(sys.argv[1]).rows("SELECT event_id FROM events ORDER BY event_id")]))
"""
EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
HALF = b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100\r\n\r\nhalf"

pytestmark = [pytest.mark.database, pytest.mark.process, pytest.mark.enable_socket]


@pytest.fixture
def dsn(request: pytest.FixtureRequest, empty_database: Database, store_dsn: str, tmp_path: Path) -> str:
    """Where the process stores: a directory of its own, or a database of its own in the engine that listens."""
    if request.config.getoption("--store") == "embedded":
        return f"chdb://{tmp_path}/db"
    return f"{store_dsn.rpartition('/')[0]}/{empty_database.name}"


@pytest.fixture
def process(dsn: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    open_ports = {f"STALLWATCH_{name}_PORT": "0" for name in ("CONSOLE", "OTLP", "OTLP_GRPC")}
    started = subprocess.Popen(
        [sys.executable, "-c", "from stallwatch.cli import main; main()", "serve"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(ROOT), "STALLWATCH_DSN": dsn, "STALLWATCH_DATA_DIR": str(tmp_path), **open_ports},
    )  # fmt: skip
    yield started
    started.kill()
    started.communicate()


def stored(dsn: str) -> list[str]:
    told = subprocess.run(
        [sys.executable, "-c", READ, dsn],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


def test_case_23_what_was_acknowledged_survives_a_stop_and_the_rest_is_unavailable(
    process: subprocess.Popen[str], dsn: str
) -> None:
    assert process.stderr is not None
    _, http, rpc = told_addresses(process, process.stderr.read)
    with (
        grpc.insecure_channel(rpc) as channel,
        socket.create_connection((urlsplit(http).hostname, urlsplit(http).port), 30) as half_http,
        half_a_call(int(rpc.rpartition(":")[2])) as half_rpc,
    ):
        half_http.sendall(HALF)
        sent = httpx.post(f"{http}/v1/logs", content=logs(event(event_id="http")), headers=PROTOBUF, timeout=60)
        assert sent.status_code == 200
        assert channel.unary_unary(EXPORT)(logs(event(event_id="rpc")), timeout=30) == b""
        os.kill(process.pid, signal.SIGTERM)
        unread = refused(half_rpc.exception(30))
        response = HTTPResponse(half_http)
        response.begin()
    _, said = process.communicate(timeout=60)

    assert unread.code is grpc.StatusCode.UNAVAILABLE
    assert (response.status, response.headers["Retry-After"]) == (503, "2")
    assert process.returncode == 0, said
    assert stored(dsn) == ["http", "rpc"]
