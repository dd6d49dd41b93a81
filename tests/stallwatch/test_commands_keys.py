"""`stallwatch keys`, and a service that others can reach: who gets in with which key, over real ports."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.otlp import event, logs

from core.errors import MisuseError
from stallwatch.commands.keys import create

pytestmark = [pytest.mark.process]
PROTOBUF = {"content-type": "application/x-protobuf"}
inherited = os.environ  # noqa: TID251 - the child processes need the machine's own variables
CLEAN = {name: value for name, value in inherited.items() if not name.startswith("STALLWATCH_")}


def keys(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stallwatch.cli", "keys", *arguments, "--data-dir", str(home)],
        env=CLEAN, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def answer(home: Path, *arguments: str) -> Any:
    done = keys(home, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_key_is_made_listed_without_its_secret_and_revoked(tmp_path: Path) -> None:
    key = answer(
        tmp_path, "create", "--name", "ERP adapter", "--scope", "ingest", "--integration", "erp", "--expires", "90d"
    )
    revoked = answer(tmp_path, "revoke", key["key_id"])
    (listed,) = answer(tmp_path, "list")["items"]

    assert key["key"].startswith(f"sw_{key['key_id']}_")
    assert (key["scope"], key["integration"], key["state"]) == ("ingest", "erp", "active")
    assert key["created_by"].startswith("cli:")
    assert key["expires_at"] > key["created_at"]
    assert listed == revoked
    assert (listed["state"], listed["revoked_by"]) == ("revoked", key["created_by"])
    assert not {"key", "digest"} & listed.keys()


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"scope": "read", "integration": "erp"}, "only a key to ingest"),
        ({"scope": "ingest", "expires": "3bd"}, "is not how long a key can live"),
        ({"scope": "ingest", "expires": "0d"}, "is not how long a key can live"),
    ],
)
def test_what_cannot_be_is_misuse_and_opens_nothing(tmp_path: Path, order: dict[str, Any], reason: str) -> None:
    with pytest.raises(MisuseError, match=reason):
        create("test", data_dir=tmp_path / "home", **order)

    assert not (tmp_path / "home").exists()


class Server:
    """`stallwatch serve` on every address of this machine, over `home`."""

    def __init__(self, home: Path) -> None:
        ports = [f"--{name}-port=0" for name in ("console", "otlp", "otlp-grpc")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stallwatch.cli", "serve", "--host", "0.0.0.0", *ports, "--data-dir", str(home)],  # noqa: S104 - what is tested is who gets in
            env=CLEAN | {"STALLWATCH_ACCESS_REFRESH_SECONDS": "0.2"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.told: list[str] = []
        self.listening = threading.Thread(target=lambda: self.told.extend(self.process.stderr))
        self.listening.start()
        self.console, self.collector = (
            self.process.stdout.readline().split()[-1].replace("0.0.0.0", "127.0.0.1") for _ in range(2)  # noqa: S104 - as above
        )  # fmt: skip

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.listening.join(60)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path, str]]:
    """A server that others can reach, its directory, and the key that was made before it started."""
    home = tmp_path_factory.mktemp("served")
    created = keys(home, "create", "--name", "ops", "--scope", "admin")
    (key,) = created.stdout.splitlines()
    assert f"This is key {key.split('_')[1]}, shown this once." in created.stderr
    server = Server(home)
    yield server, home, key
    server.end()


@pytest.mark.enable_socket
def test_others_reach_nothing_without_a_key_and_all_of_it_with_the_right_one(admin: tuple[Server, Path, str]) -> None:
    server, _, key = admin
    bearer = {"authorization": f"Bearer {key}"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        assert client.get(f"{server.console}/api/v1/stalls").status_code == 401
        assert client.get(f"{server.console}/livez").status_code == 200
        assert client.get(f"{server.console}/api/v1/stalls", auth=("me", key)).status_code == 200
        assert client.get(f"{server.console}/metrics", headers=bearer).status_code == 200

        body = logs(event(subject="invoice:1", event_id="1"))
        assert client.post(f"{server.collector}/v1/logs", content=body, headers=PROTOBUF).status_code == 401
        assert client.post(f"{server.collector}/v1/logs", content=body, headers=PROTOBUF | bearer).status_code == 403

        asked = {"name": "ERP", "scope": "ingest", "integration": "erp"}
        made = client.post(f"{server.console}/api/v1/keys", json=asked, headers=bearer).json()
        sending = PROTOBUF | {"authorization": f"Bearer {made['key']}"}
        assert client.post(f"{server.collector}/v1/logs", content=body, headers=sending).status_code == 200

        limit = {"name": "ERP", "rate_limit": "1/h"}
        assert client.put(f"{server.console}/api/v1/integrations/erp", json=limit, headers=bearer).status_code == 200
        statuses = [client.post(f"{server.collector}/v1/logs", content=body, headers=sending) for _ in range(2)]
        assert [answer.status_code for answer in statuses] == [200, 429]
        assert statuses[1].headers["retry-after"]

        client.delete(f"{server.console}/api/v1/keys/{made['key_id']}", headers=bearer).raise_for_status()
        assert client.post(f"{server.collector}/v1/logs", content=body, headers=sending).status_code == 401

    told = "".join(server.told)
    for text in (key, made["key"]):
        assert text.rpartition("_")[2] not in told


@pytest.mark.enable_socket
def test_while_a_server_holds_the_directory_the_command_says_how_to_ask_it(admin: tuple[Server, Path, str]) -> None:
    _, home, _ = admin

    done = keys(home, "create", "--name", "it's me", "--scope", "read")

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "is in use by another Stallwatch process" in line
    assert "curl -X POST http://127.0.0.1:8080/api/v1/keys -H 'Authorization: Bearer sw_…'" in line
    assert line.endswith("""-d '{"name": "it'"'"'s me", "scope": "read", "integration": ""}'""")
