"""Who may look and who may change, over the whole application: no route is forgotten."""

import asyncio
import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog
from fastapi.routing import APIRoute
from support.asgi_client import AsgiClient
from support.console_fakes import make_services
from support.console_journeys import FakeJourneys
from support.console_network import NOW
from support.console_stalls import FakeStalls
from support.key_rings import new_key, ring_of

from core.clock import ManualClock
from core.keys import KeyRing
from correlator.journeys import Progress
from web.app import console_app
from web.guard import READING

READ_PATHS = ("/", "/journeys", "/integrations", "/metrics", "/api/v1/stalls", "/api/v1/stalls.csv", "/api/v1/openapi.json", "/static/console.css", "/nowhere")  # fmt: skip


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def ring(clock: ManualClock) -> KeyRing:
    return ring_of(clock)


class Console(AsgiClient):
    """A console that others can reach (or not), over one ring of keys."""

    def __init__(self, ring: KeyRing, *, required: bool = True) -> None:
        self.app = console_app(make_services(keys=ring, keys_required=required, clock=ring._clock))
        super().__init__(self.app)

    def ask(self, method: str, path: str, authorization: str | None = None, **request: Any) -> httpx.Response:
        headers = {**request.pop("headers", {}), **({"authorization": authorization} if authorization else {})}
        return asyncio.run(self._send(method, path, {**request, "headers": headers}))


@pytest.fixture
def console(ring: KeyRing) -> Console:
    return Console(ring)


@pytest.fixture
def at_home(ring: KeyRing) -> Console:
    return Console(ring, required=False)


def bearer(text: str) -> str:
    return f"Bearer {text}"


def basic(text: str, user: str = "anyone") -> str:
    return f"Basic {base64.b64encode(f'{user}:{text}'.encode()).decode()}"


@pytest.mark.parametrize("path", READ_PATHS)
def test_where_others_reach_us_nothing_is_shown_without_a_key(console: Console, path: str) -> None:
    answer = console.ask("GET", path)

    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate") == ['Basic realm="Stallwatch", charset="UTF-8"', "Bearer"]
    assert "content-security-policy" in answer.headers
    assert "an API key of scope read is required" in answer.text


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_machines_may_ask_whether_we_live_without_a_key(console: Console, path: str) -> None:
    assert console.ask("GET", path).status_code == 200


@pytest.mark.parametrize("path", ["//livez", "/livez/", "/livez/../metrics", "/LIVEZ", "/livez%2f..%2fmetrics"])
def test_nothing_that_only_looks_like_an_open_path_is_open(console: Console, path: str) -> None:
    assert console.ask("GET", path).status_code == 401


@pytest.mark.parametrize("scope", ["read", "admin"])
@pytest.mark.parametrize("write", [bearer, basic], ids=["bearer", "basic"])
def test_a_key_to_read_shows_everything(console: Console, ring: KeyRing, scope: str, write: Any) -> None:
    text = new_key(ring, scope).text

    for path in ("/", "/metrics", "/api/v1/stalls"):
        assert console.ask("GET", path, write(text)).status_code == 200


@pytest.mark.parametrize("required", [True, False])
def test_a_key_to_send_shows_nothing(ring: KeyRing, *, required: bool) -> None:
    answer = Console(ring, required=required).ask("GET", "/api/v1/stalls", bearer(new_key(ring, "ingest").text))

    assert answer.status_code == 403
    assert "is for ingest; looking needs one of scope read" in answer.json()["error"]["message"]


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    "credentials",
    [
        "Bearer",
        "Bearer sw_0123456789ab_" + "0" * 48,
        "Basic",
        "Basic !!!",
        "Basic /w==",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Digest username=x",
        "\xff",
    ],
)
def test_credentials_that_are_presented_must_be_good(ring: KeyRing, credentials: str, *, required: bool) -> None:
    answer = Console(ring, required=required).ask("GET", "/", headers={"authorization": credentials.encode("latin-1")})

    assert answer.status_code == 401


def test_a_key_under_another_scheme_is_no_key(console: Console, ring: KeyRing) -> None:
    assert console.ask("GET", "/", f"Token {new_key(ring, 'read').text}").status_code == 401


def test_expired_and_revoked_keys_show_nothing(console: Console, ring: KeyRing, clock: ManualClock) -> None:
    expired, revoked = new_key(ring, "read", days=1), new_key(ring, "read")
    ring.revoke(revoked.key.key_id, "ops")
    clock.advance(timedelta(days=1))

    for issued, state in ((expired, "expired"), (revoked, "revoked")):
        answer = console.ask("GET", "/api/v1/stalls", bearer(issued.text))
        assert (answer.status_code, answer.json()["error"]["message"]) == (
            401,
            f"the API key {issued.key.key_id} is {state}",
        )


def test_on_loopback_looking_needs_no_key(at_home: Console) -> None:
    assert at_home.ask("GET", "/").status_code == 200
    assert at_home.ask("GET", "/api/v1/stalls").status_code == 200


@pytest.mark.parametrize("required", [True, False])
def test_the_first_page_says_how_to_send_with_a_key_where_one_is_needed(ring: KeyRing, *, required: bool) -> None:
    nothing = {"stalls": FakeStalls([], 0), "journeys": FakeJourneys({}, reached=Progress(None, 0, 0))}
    services = make_services(keys=ring, keys_required=required, **nothing)

    shown = (
        AsgiClient(console_app(services)).get("/", headers={"authorization": bearer(new_key(ring, "read").text)}).text
    )

    assert ("authorization: Bearer sw_…" in shown, "stallwatch keys create" in shown) == (required, required)


def changing_routes() -> list[tuple[str, str]]:
    routes = _routes(console_app(make_services()).routes)
    return sorted((method, route.path) for route in routes for method in route.methods - READING)


def _routes(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes)


def test_there_are_routes_that_change_something() -> None:
    assert ("POST", "/api/v1/keys") in changing_routes()


@pytest.mark.parametrize(("method", "path"), changing_routes())
@pytest.mark.parametrize("required", [True, False])
def test_no_route_changes_anything_without_an_admins_bearer(
    ring: KeyRing, method: str, path: str, *, required: bool
) -> None:
    console, admin = Console(ring, required=required), new_key(ring, "admin").text
    before = len(ring.every())
    for credentials, status in ((None, 401), (bearer(new_key(ring, "read").text), 403), (basic(admin), 403)):
        body = {"json": {"name": "X", "scope": "admin"}} if path.startswith("/api/") else {"data": {"name": "X"}}
        answer = console.ask(method, path, credentials, **body)
        assert answer.status_code == status, credentials

    assert len(ring.every()) == before + 1  # the one to read, that was made here


def test_a_key_is_made_shown_once_listed_and_revoked(console: Console, ring: KeyRing) -> None:
    admin = new_key(ring, "admin")
    asked = {"name": "ERP adapter", "scope": "ingest", "integration": "erp", "expires": "90d"}

    made = console.ask("POST", "/api/v1/keys", bearer(admin.text), json=asked)
    listed = console.ask("GET", "/api/v1/keys", bearer(admin.text))
    ended = console.ask("DELETE", f"/api/v1/keys/{made.json()['key_id']}", bearer(admin.text))

    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert {name: made.json()[name] for name in ("name", "scope", "integration", "state", "created_by", "expires_at")} == {
        "name": "ERP adapter", "scope": "ingest", "integration": "erp", "state": "active",
        "created_by": f"key:{admin.key.key_id}", "expires_at": "2026-06-02T12:00:00Z",
    }  # fmt: skip
    key = ring.identify(made.json()["key"])
    assert key is not None
    assert made.json()["key"] not in listed.text
    assert "digest" not in listed.text
    assert key.digest not in listed.text + made.text
    assert (ended.status_code, ended.json()["state"], ended.json()["revoked_by"]) == (
        200,
        "revoked",
        f"key:{admin.key.key_id}",
    )


@pytest.mark.parametrize("write", [bearer, basic], ids=["bearer", "basic"])
def test_keys_are_listed_for_admins_only(at_home: Console, ring: KeyRing, write: Any) -> None:
    assert at_home.ask("GET", "/api/v1/keys").status_code == 401
    assert at_home.ask("GET", "/api/v1/keys", write(new_key(ring, "read").text)).status_code == 403
    assert at_home.ask("GET", "/api/v1/keys", write(new_key(ring, "admin").text)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scope": "root"}, "'ingest', 'read' or 'admin'"),
        ({"name": ""}, "at least 1 character"),
        ({"name": "  "}, "a key needs a name"),
        ({"expires": "3bd"}, "'3bd' is not how long a key can live"),
        ({"expires": "soon"}, "'soon' is not how long"),
        ({"expires": "999999w"}, "is not how long"),
        ({"scope": "read", "integration": "erp"}, "only a key to ingest"),
        ({"digest": "0"}, "Extra inputs"),
    ],
)
def test_a_key_that_cannot_be_is_refused(console: Console, ring: KeyRing, changes: dict[str, str], reason: str) -> None:
    asked = {"name": "ERP adapter", "scope": "ingest"} | changes

    answer = console.ask("POST", "/api/v1/keys", bearer(new_key(ring, "admin").text), json=asked)

    assert answer.status_code == 400
    assert reason in answer.json()["error"]["message"]


def test_an_unknown_key_cannot_be_revoked(console: Console, ring: KeyRing) -> None:
    assert console.ask("DELETE", "/api/v1/keys/000000000000", bearer(new_key(ring, "admin").text)).status_code == 404


def test_an_integration_is_put_read_and_taken_back(console: Console, ring: KeyRing) -> None:
    admin = new_key(ring, "admin")
    path = "/api/v1/integrations//erp/prod"  # the source of a CloudEvent may be an address
    wanted = {
        "name": "ERP", "owner": "finance-systems", "tier": "clinical-critical", "heartbeat": "15m", "rate_limit": "500/s",
        "allowed_event_types": ["invoice.*"], "redaction": {"mode": "allow", "deny": [], "allow": ["amount"]},
    }  # fmt: skip

    put = console.ask("PUT", path, bearer(admin.text), json=wanted)
    got = console.ask("GET", path, bearer(new_key(ring, "read").text))
    deleted = console.ask("DELETE", path, bearer(admin.text))

    assert (put.status_code, deleted.status_code) == (200, 204)
    assert put.json() == got.json() == wanted | {
        "integration": "/erp/prod", "heartbeat": 900, "source": "api", "changed_by": f"key:{admin.key.key_id}",
        "changed_at": "2026-03-04T12:00:00Z",
    }  # fmt: skip
    assert console.ask("GET", path, bearer(admin.text)).status_code == 404


@pytest.mark.parametrize("key", ["arrivals", "arrivals.csv"])
def test_an_integration_cannot_have_the_address_of_a_list(console: Console, ring: KeyRing, key: str) -> None:
    admin = bearer(new_key(ring, "admin").text)

    answer = console.ask("PUT", f"/api/v1/integrations/{key}", admin, json={"name": "X"})

    assert answer.status_code == 400
    assert "the address of a list" in answer.json()["error"]["message"]


def test_what_the_file_says_is_shown_as_the_files(at_home: Console) -> None:
    shown = at_home.ask("GET", "/api/v1/integrations/erp").json()

    assert (shown["name"], shown["source"], shown["redaction"]) == ("ERP", "file", None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "name: Field required"),
        ({"name": "X", "rate_limit": "fast"}, "is not a rate"),
        ({"name": "X", "heartbeat": "8bh"}, "a heartbeat is clock time"),
        ({"name": "X", "heartbeat": -5}, "greater than 0"),
        ({"name": "X", "owners": "y"}, "Extra inputs"),
        ({"name": "X", "allowed_event_types": ["*"]}, "write a type"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(console: Console, ring: KeyRing, body: dict[str, Any], reason: str) -> None:
    answer = console.ask("PUT", "/api/v1/integrations/erp", bearer(new_key(ring, "admin").text), json=body)

    assert answer.status_code == 400
    assert reason in answer.json()["error"]["message"]


def test_openapi_says_which_paths_take_a_key(at_home: Console) -> None:
    paths = at_home.ask("GET", "/api/v1/openapi.json").json()["paths"]

    assert set(paths["/api/v1/keys"]) == {"get", "post"}
    for path, method in (
        ("/api/v1/keys", "post"),
        ("/api/v1/keys/{key_id}", "delete"),
        ("/api/v1/integrations/{key}", "put"),
    ):
        assert paths[path][method]["security"] == [{"HTTPBearer": []}]
        assert {"401", "403"} <= set(paths[path][method]["responses"])


def test_no_key_is_logged_or_answered(ring: KeyRing, clock: ManualClock) -> None:
    console, good, expired = Console(ring), new_key(ring, "read"), new_key(ring, "admin", days=1)
    clock.advance(timedelta(days=1))
    with structlog.testing.capture_logs() as logs:
        answers = [
            console.ask("GET", path, write(issued.text))
            for path in ("/", "/api/v1/stalls", "/nowhere", "/api/v1/stalls?limit=x")
            for issued in (good, expired)
            for write in (bearer, basic)
        ]

    told = str(logs) + "".join(answer.text + str(answer.headers) for answer in answers)
    for issued in (good, expired):
        assert issued.text.rpartition("_")[2] not in told
        assert basic(issued.text).removeprefix("Basic ") not in told


def test_a_rebuild_takes_an_admin_key_and_is_told_on_the_models_page(console: Console, ring: KeyRing) -> None:
    reader, admin = (f"Bearer {new_key(ring, scope).text}" for scope in ("read", "admin"))
    path = "/api/v1/models/procure-to-pay"
    refused = [console.ask("POST", f"{path}/rebuild", who).status_code for who in (None, reader)]

    answer = console.ask("POST", f"{path}/rebuild", admin)

    assert (refused, answer.status_code, answer.json()["state"]) == ([401, 403], 202, "asked")
    assert console.ask("GET", path, reader).json()["rebuild"] == answer.json()
    assert "rebuild asked for" in console.ask("GET", "/models", reader).text
    assert "rebuild asked for" in console.ask("GET", "/models/procure-to-pay", reader).text
    assert console.ask("POST", "/api/v1/models/leases/rebuild", admin).status_code == 404
