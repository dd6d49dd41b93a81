"""A changed model: what it changes, what is derived anew for it, and that this is what a rebuild would derive."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from support.derived import snapshot
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import Registry
from correlator.changes import Change, between
from correlator.model import JourneyModel
from correlator.tick import Correlator
from correlator.versions import Versions
from slo.calendars import publish_calendars

HOUR = timedelta(hours=1)
MODEL: dict[str, Any] = {
    "model": "leases",
    "version": 1,
    "title": "Leases",
    "anchor": "lease",
    "objects": {"lease": {}, "delivery": {"attaches_via": ["lease"]}, "site": {"attaches_via": ["lease"]}},
    "milestones": {"signed": {"title": "Signed", "event": "lease.signed"}},
    "handoffs": {
        "to_delivery": {
            "title": "Signature to delivery",
            "on": "lease",
            "start": ["lease.signed"],
            "stop": ["delivery.posted"],
            "target": {"standard": "2h"},
        },
        "to_bill": {
            "title": "Delivery to bill",
            "on": "delivery",
            "start": ["delivery.posted"],
            "stop": ["bill.received"],
            "reopen_on": ["bill.voided"],
            "reopen": "first",
        },
        "to_visit": {"title": "Visit", "on": "lease", "start": ["lease.signed"], "stop": ["site.visited"]},
    },
}
FACTS = [
    fact("1", "lease.signed", MONDAY, "lease:1"),
    fact("2", "delivery.posted", MONDAY + HOUR, "delivery:1", "lease:1"),
    fact("3", "bill.received", MONDAY + 2 * HOUR, "delivery:1"),
    fact("4", "bill.voided", MONDAY + 3 * HOUR, "delivery:1"),
    fact("5", "lease.signed", MONDAY, "lease:2", attributes=(("promised_for", "2026-03-05"),)),
    fact("6", "site.visited", MONDAY + HOUR, "site:1", "lease:2"),
    fact("7", "delivery.posted", MONDAY + 4 * HOUR, "delivery:2"),
]


def model(*changes: tuple[str, Any]) -> JourneyModel:
    """The model with values put in at places; None takes one out."""
    content = JourneyModel.model_validate(MODEL).model_dump(mode="json", exclude_defaults=True)
    for place, value in changes:
        *way, last = place.split(".")
        inner = content
        for step in way:
            inner = inner.setdefault(step, {})
        inner[last] = value
        if value is None:
            del inner[last]
    return JourneyModel.model_validate(content)


VISIT_GONE = ("handoffs.to_visit", None)
CHANGES: dict[str, tuple[list[tuple[str, Any]], tuple[str, ...], str]] = {
    "only texts": (
        [("title", "Rents"), ("handoffs.to_bill.owner", "Finance"), ("objects.site", {"title": "S", **MODEL["objects"]["site"]})],
        ("title", "objects.site.title", "handoffs.to_bill.owner"),
        "nothing",
    ),
    "what causes and timelines are told by": (
        [("milestones.billed", {"title": "Billed", "event": "bill.received"}), ("handoffs.to_bill.awaits", "erp"),
         ("handoffs.to_bill.needs", [{"event": "lease.signed", "on": "lease", "summary": "Not signed"}])],
        ("milestones", "handoffs.to_bill.awaits", "handoffs.to_bill.needs"),
        "nothing",
    ),
    "a target": (
        [("handoffs.to_delivery.target", {"standard": "30m"})],
        ("handoffs.to_delivery.target",),
        "handoffs: to_delivery",
    ),
    "a handoff that becomes interruptible, and one that no longer is": (
        [("handoffs.to_delivery.reopen_on", ["site.visited"]), ("handoffs.to_bill.reopen_on", None)],
        ("handoffs.to_delivery.reopen_on", "handoffs.to_bill.reopen_on"),
        "handoffs: to_delivery, to_bill",
    ),
    "a promise of its facts": (
        [("handoffs.to_delivery.due_from", "promised_for")],
        ("handoffs.to_delivery.due_from",),
        "handoffs: to_delivery",
    ),
    "a handoff that looks at linked objects": (
        [("handoffs.to_delivery.cancel", [{"event": "site.visited", "of": "site"}])],
        ("handoffs.to_delivery.cancel",),
        "handoffs: to_delivery",
    ),
    "a handoff on another object": (
        [("handoffs.to_visit.on", "site")],
        ("handoffs.to_visit.on",),
        "handoffs: to_visit",
    ),
    "a new handoff and one that is gone": (
        [VISIT_GONE, ("handoffs.to_site", {**MODEL["handoffs"]["to_visit"], "on": "site", "start": ["site.visited"], "stop": ["site.left"]})],
        ("handoffs.to_visit (gone)", "handoffs.to_site (new)"),
        "handoffs: to_visit, to_site",
    ),
    "every handoff gone": (
        [("handoffs", {})],
        ("handoffs.to_delivery (gone)", "handoffs.to_bill (gone)", "handoffs.to_visit (gone)"),
        "handoffs: to_delivery, to_bill, to_visit",
    ),
    "what attaches": (
        [("objects.site.attaches_via", ["delivery"]), ("title", "Rents")],
        ("title", "objects.site.attaches_via"),
        "everything",
    ),
    "a type that is gone": (
        [("objects.site", None)],
        ("objects.site (gone)",),
        "everything",
    ),
}  # fmt: skip


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as captured:
        yield captured


def runs(database: Database) -> list[tuple[str, list[str], str]]:
    rows = database.rows("SELECT kind, changed, derived FROM correlator_runs ORDER BY revision")
    return [(row["kind"], list(row["changed"]), row["derived"]) for row in rows]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_says_what_it_touches(kind: str) -> None:
    changes, what, derived = CHANGES[kind]

    change = between(model(), model(*changes))

    assert (change.what, change.derived) == (what, derived)


def test_the_order_of_a_file_is_no_change() -> None:
    turned = {
        key: MODEL[key] if key != "handoffs" else dict(reversed(MODEL["handoffs"].items())) for key in reversed(MODEL)
    }

    assert between(model(), JourneyModel.model_validate(turned)) == Change(())


@pytest.mark.database
def test_a_changed_model_derives_what_it_touches_and_no_more(
    database: Database, clock: ManualClock, logs: list[Any]
) -> None:
    publish_calendars(database, Registry(), clock)
    store(database, FACTS)
    Correlator(database, model(), clock).tick()
    renamed = model(*CHANGES["only texts"][0])
    moved = [name for name in CHANGES if CHANGES[name][2] not in {"everything", "nothing"} and "every" not in name]
    changed = model(("version", 2), *(change for name in moved for change in CHANGES[name][0]))
    Correlator(database, renamed, clock).tick()
    store(database, [fact("8", "delivery.posted", MONDAY + 5 * HOUR, "delivery:3", "lease:2")])
    Correlator(database, changed, clock).tick()
    followed, told = snapshot(database), [run for run in runs(database) if run[1]]
    Correlator(database, changed, clock).rebuild()

    assert followed == snapshot(database)
    assert [(kind, derived) for kind, _, derived in told] == [
        ("model", "nothing"),
        ("model", "handoffs: to_delivery, to_bill, to_visit, to_site"),
    ]
    assert told[0][1] == list(CHANGES["only texts"][1])
    beside = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%\\_next\\_%'"
    assert database.rows(beside) == []
    warned = [each for each in logs if each["log_level"] == "warning"]
    assert [each["reason"] for each in warned] == ["it changed, and its version is 1 after 1"]


@pytest.mark.database
def test_every_version_of_a_model_is_kept_with_what_it_changed(database: Database, clock: ManualClock) -> None:
    target = "handoffs.to_delivery.target"
    second = model(("version", 2), (target, {"standard": "30m"}))
    met = [clock.now() + hours * HOUR for hours in range(4)]
    versions = Versions(database)
    for each in (model(), second, model(), model(("title", "Rents"))):
        versions.meet(each, clock)
        versions.meet(each, clock)
        clock.advance(HOUR)

    found = versions.all()

    warning = "it changed, and its version is 1 after 1"
    assert [(v.version, v.since, v.until, set(v.changed), v.derived, v.warning) for v in found] == [
        (1, met[3], None, {"title"}, "nothing", warning),
        (1, met[2], met[3], {"version", target}, "handoffs: to_delivery", ""),
        (2, met[1], met[2], {"version", target}, "handoffs: to_delivery", ""),
        (1, met[0], met[1], set(), "everything", ""),
    ]
    assert found[1].fingerprint == found[3].fingerprint == model().fingerprint


@pytest.mark.database
def test_a_changed_registry_derives_everything_and_so_does_a_model_whose_former_nobody_kept(
    database: Database, clock: ManualClock
) -> None:
    publish_calendars(database, Registry(), clock)
    Correlator(database, model(), clock, definitions="one:1").tick()
    Correlator(database, model(("title", "Rents")), clock, definitions="two:2").tick()
    database.execute("TRUNCATE TABLE model_versions")
    Correlator(database, model(), clock, definitions="two:2").tick()

    assert runs(database)[1] == ("rebuild", ["registry or calendars", "title"], "everything")
    assert runs(database)[2][0::2] == ("rebuild", "everything")
