"""No request can make the console hold more than it takes, with a key or without."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from support.asgi_client import AsgiClient
from support.console_fakes import make_services
from support.console_network import NOW
from support.key_rings import new_key, ring_of

from core.clock import ManualClock
from web.app import console_app

MEBIBYTE = 1024 * 1024
JSON, FORM = {"content-type": "application/json"}, {"content-type": "application/x-www-form-urlencoded"}


async def parts(size: int) -> AsyncIterator[bytes]:
    """A body whose length nobody declares."""
    for start in range(0, size, 65536):
        yield b" " * min(65536, size - start)


def declared(size: int) -> bytes:
    return b" " * size


@pytest.fixture
def client() -> AsgiClient:
    return AsgiClient(console_app(make_services()))


@pytest.mark.parametrize("body", [declared, parts], ids=["declared", "streamed"])
@pytest.mark.parametrize("path", ["/api/v1/keys", "/api/v1/quarantine/replay"])
def test_a_body_above_a_mebibyte_is_refused(client: AsgiClient, path: str, body: Any) -> None:
    answer = client.post(path, content=body(MEBIBYTE + 1), headers=JSON)

    assert answer.status_code == 413
    assert answer.json()["error"] == {
        "status": 413,
        "message": "the body is larger than 1048576 bytes",
        "retryable": False,
    }
    assert "content-security-policy" in answer.headers


def test_a_form_above_a_mebibyte_is_refused(client: AsgiClient) -> None:
    answer = client.post("/quarantine/x/dismiss", content=declared(MEBIBYTE + 1), headers=FORM)

    assert answer.status_code == 413
    assert "the body is larger than 1048576 bytes" in answer.text


@pytest.mark.parametrize("body", [declared, parts], ids=["declared", "streamed"])
def test_a_body_of_a_mebibyte_is_read(client: AsgiClient, body: Any) -> None:
    answer = client.post("/api/v1/keys", content=body(MEBIBYTE), headers=JSON)

    assert answer.status_code != 413


def test_who_may_not_look_is_told_so_before_anything_is_measured() -> None:
    ring = ring_of(ManualClock(NOW))
    client = AsgiClient(console_app(make_services(keys=ring, keys_required=True)))
    key = new_key(ring, "read").text

    assert client.post("/api/v1/keys", content=declared(MEBIBYTE + 1), headers=JSON).status_code == 401
    known = {**JSON, "authorization": f"Bearer {key}"}
    assert client.post("/api/v1/keys", content=declared(MEBIBYTE + 1), headers=known).status_code == 413
