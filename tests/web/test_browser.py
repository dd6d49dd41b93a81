"""Board and journey in a real browser: nothing overflows, nothing complains, themes and filters work."""

import threading
from pathlib import Path

import pytest
import uvicorn
from support.console_fakes import make_services

from web.app import console_app

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
PAGES = {
    "board": "/?limit=20",
    "filtered board": "/?facility=MWEST&cause=integration_failure&as_of=2026-03-04T11:00",
    "journey": "/journeys/purchase_order/4500017",
    "journeys": "/journeys",
    "objectives": "/objectives",
    "objective": "/objectives/missed",
    "composite objective": "/objectives/composite",
    "lag": "/lag",
    "exceptions": "/exceptions",
    "kpis": "/kpis",
    "alerts": "/alerts",
    "integrations": "/integrations",
    "integrations of a day": "/integrations?window=24h",
    "data quality": "/findings",
    "quarantine": "/quarantine",
    "models": "/models",
    "model": "/models/procure-to-pay",
    "family": "/families/purchase_order/4500017",
    "event": "/events/evt-881",
    "trace": "/traces/4bf92f3577b34da6a3ce929d0e0e4736#span-00f067aa0ba902b7",
}


@pytest.fixture(scope="module")
def address():
    server = uvicorn.Server(uvicorn.Config(console_app(make_services()), port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip(f"THE CONSOLE WAS NOT LOOKED AT: there is no browser at {CHROMIUM}")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="THE CONSOLE WAS NOT LOOKED AT: playwright is missing"
    )
    options = ["--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking"]
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=options)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Open a page at a width and in a theme; anything the browser complains of is in `page.complaints`."""
    contexts = []

    def opened(path, width=1280, theme="light", **options):
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address + path, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def eventually(page, script, fits):
    """Ask until the answer fits. Playwright's own waiting evaluates text in the page, which our policy forbids."""
    for _ in range(300):
        answer = page.evaluate(script)
        if fits(answer):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"after 30 s it is still {answer!r}")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_narrow_and_wide_light_and_dark_without_complaint(visit, name):
    page = visit(PAGES[name], 375)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert overflow(page) == 0, (width, theme)

    assert page.complaints == []
    assert page.locator("h1").count() == 1


def test_the_theme_follows_the_system_until_it_is_chosen_and_the_choice_stays(visit):
    page = visit("/", theme="dark")
    ground = "getComputedStyle(document.body.parentElement).backgroundColor"
    dark = page.evaluate(ground)

    page.get_by_role("button", name="Switch between light and dark").click()
    light = page.evaluate(ground)
    page.reload()

    assert dark != light
    assert page.evaluate(ground) == light


def test_a_filter_is_chosen_by_mouse_and_ends_up_in_the_address(visit):
    page = visit("/")
    page.locator("summary", has_text="Facility").click()
    page.get_by_label("Harbor Clinic").check()
    page.locator("details[open] button").click()
    page.wait_for_url("**/?facility=HARBR")

    assert page.locator(".chip", has_text="Harbor Clinic").count() == 1


def test_the_filters_and_links_work_without_scripts(visit):
    page = visit("/", java_script_enabled=False)
    page.locator("summary", has_text="Criticality").click()
    page.get_by_label("Clinical-critical").check()
    page.locator("details[open] button").click()
    page.get_by_role("link", name="Missing prerequisite").first.click()

    assert "criticality=clinical-critical" in page.url
    assert "cause=missing_prerequisite" in page.url


def test_the_keyboard_reaches_the_content_first_and_escape_closes_a_filter(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    summary = page.locator("summary", has_text="Supplier")
    summary.focus()
    page.keyboard.press("Enter")
    was_open = page.locator("details[open]").count()
    page.keyboard.press("Escape")

    assert skip == "Skip to content"
    assert was_open == 1
    assert page.locator("details[open]").count() == 0


def test_the_heatmap_is_drawn_and_follows_the_theme(visit):
    page = visit("/lag")

    eventually(page, HEATMAP, "5 facilities inside".__eq__)
    before = page.evaluate(COLOURS)
    assert "rgb" in before
    page.set_viewport_size({"width": 1000, "height": 500})
    eventually(page, HEATMAP, "5 facilities inside".__eq__)
    page.get_by_role("button", name="Switch between light and dark").click()
    eventually(page, COLOURS, lambda colours: "rgb" in colours and colours != before)
    assert page.complaints == []


def test_the_heatmap_follows_the_system_where_no_theme_was_chosen(visit):
    page = visit("/lag", theme="dark")
    eventually(page, COLOURS, lambda colours: "rgb" in colours)
    dark = page.evaluate(COLOURS)

    page.emulate_media(color_scheme="light")

    eventually(page, COLOURS, lambda colours: "rgb" in colours and colours != dark)


# How many facilities the heatmap names, and whether it stands inside its place; plotly draws twice while it resizes.
HEATMAP = """(() => {
  const place = document.getElementById("heatmap"), drawn = place.querySelector(".main-svg");
  const names = [...place.querySelectorAll("g.ytick text")];
  if (!place.querySelector(".heatmaplayer") || !names.length) return "not drawn";
  const box = place.getBoundingClientRect();
  const inside = names.at(-1).getBoundingClientRect().bottom < box.bottom && drawn.getBoundingClientRect().right <= box.right + 1;
  return `${names.length} facilities ${inside ? "inside" : "outside"}`;
})()"""
COLOURS = """[...document.querySelectorAll("#heatmap g.ytick text")].map((name) => name.style.fill).join()"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        *("/?limit=20", "/journeys/purchase_order/4500017", "/integrations?window=24h"),
        *("/events/evt-881", "/traces/4bf92f3577b34da6a3ce929d0e0e4736#span-00f067aa0ba902b7"),
    ],
)
def test_text_stands_out_from_its_ground_as_wcag_aa_asks(visit, path, theme):
    page = visit(path, theme=theme)

    assert page.evaluate(CONTRASTS) == []


# Contrast ratio of WCAG 2.2 (relative luminance); AA asks for 4.5 for text of this size.
CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const channel = (value) => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(node).backgroundColor);
      if (a === 1 && r !== undefined) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const faults = [];
  for (const node of document.querySelectorAll("body *")) {
    const text = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.textContent.trim()).join("");
    if (!text || !node.checkVisibility() || node.closest("svg")) continue;
    const [a, b] = [luminance(parse(getComputedStyle(node).color)), luminance(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faults.push(`${node.className || node.tagName}: ${text.slice(0, 40)}`);
  }
  return faults;
}"""
