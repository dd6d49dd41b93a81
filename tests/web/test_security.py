import re
from pathlib import Path

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_journeys import FakeJourneys
from support.console_stalls import FakeStalls

import web
from web.security import HEADERS

ROOM = Path(web.__file__).parent
PAGES = (
    "/",
    "/journeys",
    "/journeys/purchase_order/4500017",
    "/exceptions",
    "/kpis",
    "/alerts",
    "/integrations",
    "/quarantine",
)


@pytest.fixture(scope="module")
def console():
    return ConsoleClient()


@pytest.mark.parametrize(
    "path", [*PAGES, "/lag", "/nowhere", "/api/v1/stalls", "/api/v1/stalls.csv", "/livez", "/metrics"]
)
def test_every_answer_forbids_scripts_that_are_not_ours_frames_sniffing_and_caches(console, path):
    headers = console.get(path).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/api/v1/stalls"])
def test_an_error_nobody_foresaw_is_answered_with_the_same_care(console, path):
    broken = FakeStalls()
    broken.page = _broken
    answer = ConsoleClient(make_services(journeys=FakeJourneys(fault=ZeroDivisionError()), stalls=broken)).get(path)

    assert answer.status_code == 500
    expected = console.get("/livez").headers
    for name in HEADERS:
        assert answer.headers[name] == expected[name]


def _broken(*_args, **_values):
    raise ZeroDivisionError


@pytest.mark.parametrize("path", PAGES)
def test_only_the_page_with_a_plot_lets_any_inline_style_through(console, path):
    assert "style-src 'self';" in console.get(path).headers["content-security-policy"]


@pytest.mark.parametrize("path", [*PAGES, "/lag"])
def test_no_page_has_an_inline_script_style_or_handler_or_loads_from_elsewhere(console, path):
    page = console.page(path)

    for tag, attrs in page.tags:
        assert tag != "style", path
        assert "style" not in attrs, (path, tag)
        assert not [name for name in attrs if name.startswith("on")], (path, tag)
        assert tag != "script" or attrs.get("src") or attrs.get("type") == "application/json"
        assert not re.match(r"(https?:)?//", attrs.get("src") or ""), (path, attrs)
        assert tag != "link" or attrs["href"].startswith("/")


def test_our_scripts_never_build_html_from_text():
    for script in (ROOM / "static").glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script.read_text()), (
            script
        )


def test_templates_never_switch_escaping_off():
    for template in (ROOM / "templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape false", template.read_text()), template


def test_writing_methods_are_refused(console):
    assert console.get("/", method="POST").status_code == 405
    assert console.get("/api/v1/stalls", method="DELETE").json()["error"]["status"] == 405
