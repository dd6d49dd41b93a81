"""What was promised is when it is due: the newest word that can be read, in any order of arrival."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calendars import calendar
from support.correlation_oracle import due, names, promises
from support.derived import stretches
from support.facts import DESCRIBED, Fact, fact, store
from support.promised import hours_of, promised_to, target_of, zone_of

from core.clickhouse import Database
from core.clock import ManualClock
from core.durations import parse_duration
from core.registry import Facility, Registry, publish_registry
from correlator.model import JourneyModel
from correlator.registered import calendar_keys
from correlator.tick import Correlator
from slo.business_time import due_at
from slo.calendars import publish_calendars

REGISTRY = Registry(
    calendars={"office": calendar("08:00-17:00")},
    facilities={
        "east": Facility(name="East", time_zone="America/New_York", calendar="office"),
        "west": Facility(name="West", region="far", time_zone="Pacific/Auckland", calendar="office"),
    },
)
TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # 10:00 in New York, 04:00 on Wednesday in Auckland
HOUR = timedelta(hours=1)
FACTS = ("events", "event_objects", "touched_objects", "object_states")
DERIVED = (
    *(
        "links",
        "parent_links",
        "link_statements",
        "identity_statements",
        "identities",
        "aliases",
        "aliased_event_objects",
    ),
    "withdrawn_namings",
    *("journey_members", "object_journeys", "journeys", "handoffs", "correlator_runs", "switch_overs"),
)


def receipt(**further: Any) -> dict[str, Any]:
    return {
        "title": "Order → receipt",
        "on": "purchase_order",
        "start": ["purchase_order.acknowledged"],
        "stop": ["goods_receipt.posted"],
        "cancel": ["purchase_order.cancelled"],
        "due_from": "promised_at",
        "target": {"standard": "2bd"},
    } | further


def model(**handoffs: dict[str, Any]) -> JourneyModel:
    return JourneyModel.model_validate(
        {
            "model": "tested",
            "version": 1,
            "title": "Tested",
            "anchor": "purchase_order",
            "objects": {"purchase_order": {}, "goods_receipt": {"attaches_via": ["purchase_order"]}},
            "handoffs": handoffs,
        }
    )


def published(database: Database, clock: ManualClock, given: JourneyModel) -> None:
    publish_registry(database, REGISTRY, clock)
    publish_calendars(database, REGISTRY, clock, calendar_keys([given], REGISTRY))


def told(event_id: str, name: str, after: float, *objects: str, promised_at: str | None = None, **further: Any) -> Fact:
    """An event so many hours after Tuesday 10:00 in New York."""
    said = () if promised_at is None else (("promised_at", promised_at),)
    return fact(event_id, name, TUESDAY + after * HOUR, *objects, attributes=said, **({"facility": "east"} | further))


ACKNOWLEDGED = "purchase_order.acknowledged"
FRIDAYS_END = datetime(2026, 3, 7, 5, 0, tzinfo=UTC)  # in New York
BY_TARGET = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
# What is told of an order, which is acknowledged at 0; until when it is then due.
CASES: tuple[tuple[tuple[Fact, ...], datetime], ...] = (
    ((told("0a", ACKNOWLEDGED, 0, "purchase_order:0", promised_at="2026-03-06"),), FRIDAYS_END),
    ((told("1a", ACKNOWLEDGED, 0, "purchase_order:1", promised_at="2026-03-06T12:30:00-05:00"),), FRIDAYS_END - 11.5 * HOUR),
    ((told("2a", ACKNOWLEDGED, 0, "purchase_order:2", promised_at="2026-03-06 17:30"),), FRIDAYS_END - 11.5 * HOUR),
    ((told("3a", ACKNOWLEDGED, 0, "purchase_order:3"),), BY_TARGET),
    ((told("4a", ACKNOWLEDGED, 0, "purchase_order:4", promised_at="next week"),), BY_TARGET),
    ((told("5a", ACKNOWLEDGED, 0, "purchase_order:5", promised_at="2026-02-30"),), BY_TARGET),
    ((told("6a", ACKNOWLEDGED, 0, "purchase_order:6", promised_at="2026-03-01"),), BY_TARGET),  # over before it began
    (  # promised again, and then something that nobody can read
        (told("7a", ACKNOWLEDGED, 0, "purchase_order:7", promised_at="2026-03-04"),
         told("7b", "purchase_order.rescheduled", 5, "purchase_order:7", promised_at="2026-03-06"),
         told("7c", "purchase_order.rescheduled", 9, "purchase_order:7", promised_at="TBD")),
        FRIDAYS_END,
    ),
    (  # the order's own word before that of what names it
        (told("8a", ACKNOWLEDGED, 0, "purchase_order:8", promised_at="2026-03-06"),
         told("8b", "goods_receipt.announced", 5, "goods_receipt:8", "purchase_order:8", promised_at="2026-03-09")),
        FRIDAYS_END,
    ),
    (
        (told("9a", ACKNOWLEDGED, 0, "purchase_order:9"),
         told("9b", "goods_receipt.announced", 5, "goods_receipt:9", "purchase_order:9", promised_at="2026-03-06")),
        FRIDAYS_END,
    ),
    (  # described, not happened
        (told("10a", ACKNOWLEDGED, 0, "purchase_order:10"),
         told("10b", DESCRIBED, 1, "purchase_order:10", promised_at="2026-03-06")),
        FRIDAYS_END,
    ),
    (  # promised before, under another id
        (told("11a", "purchase_order.created", -9, "purchase_order:eleven", promised_at="2026-03-06"),
         told("11b", ACKNOWLEDGED, 0, "purchase_order:11"),
         told("11c", "object.same_as", 0, "purchase_order:11", "purchase_order:eleven")),
        FRIDAYS_END,
    ),
    (  # what is said after the goods have come changes nothing
        (told("12a", ACKNOWLEDGED, 0, "purchase_order:12", promised_at="2026-03-06"),
         told("12b", "goods_receipt.posted", 100, "goods_receipt:12", "purchase_order:12"),
         told("12c", "purchase_order.rescheduled", 101, "purchase_order:12", promised_at="2026-03-20")),
        FRIDAYS_END,
    ),
    (  # of a receipt that is none of the order's
        (told("13a", ACKNOWLEDGED, 0, "purchase_order:13"),
         told("13b", "goods_receipt.announced", 5, "goods_receipt:13", "purchase_order:13", promised_at="2026-03-06"),
         told("13c", "link.withdrawn", 6, "goods_receipt:13", "purchase_order:13")),
        BY_TARGET,
    ),
)  # fmt: skip


@pytest.mark.database
def test_an_order_is_due_when_it_was_promised_and_by_its_target_where_nothing_was(
    database: Database, clock: ManualClock
) -> None:
    given = model(plain=receipt(), graced=receipt(grace="1bd"))
    published(database, clock, given)
    store(database, [item for facts, _ in CASES for item in facts])

    Correlator(database, given, clock).tick()

    rows = database.rows("SELECT handoff, object_id, due_at FROM handoffs FINAL")
    found = {(row["handoff"], row["object_id"]): row["due_at"] for row in rows}
    assert {number: found["plain", str(number)] for number in range(len(CASES))} == {
        number: due for number, (_, due) in enumerate(CASES)
    }
    # Friday's end and a business day: Monday is over when Tuesday's hours begin.
    assert found["graced", "0"] == datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    assert found["graced", "3"] == BY_TARGET


TEXTS = (
    *("2026-03-04", "2026-03-05", "2026-03-06", "2026-03-08", "2026-03-09T10:00:00Z", "2026-03-06T09:15+02", " 2026-03-07 "),
    *("2026-03-05 23:59:59.1234567-0930", "2026-03-04T00:00", "soon", "", "20260306", "2026-13-01", "2026-03-06T24:00:00Z"),
    *("2026-03-06T10:61", "1999-12-31", "2031-12-31", "2032-01-01", "2026-03-06T10", "2024-02-29T10:00Z", "2100-02-29"),
)  # fmt: skip
EVENTS = (
    *(ACKNOWLEDGED, "goods_receipt.posted", "purchase_order.cancelled", "purchase_order.rescheduled", DESCRIBED),
    *("link.withdrawn", "purchase_order.held", "purchase_order.freed", "goods_receipt.reversed", ACKNOWLEDGED, "purchase_order.rescheduled"),
)  # fmt: skip
CLOCK = {"pause": ["purchase_order.held"], "resume": ["purchase_order.freed"], "reopen_on": ["goods_receipt.reversed"]}
EVERY_PROMISE = model(
    plain=receipt(),
    graced=receipt(grace="1bd", target_at={"regions": {"far": {"standard": "6bh"}}}),
    abroad=receipt(grace="3bh", calendar="office@Europe/Berlin"),
    first=receipt(**CLOCK),
    resumed=receipt(**CLOCK, reopen="resume", grace="30m"),
    anew=receipt(**CLOCK, reopen="reset", target={"standard": "5h"}),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Fact]:
    """Orders 0 and 1 are of the east and can be one, 2 and 3 of the west; 4 is of nowhere."""
    found = []
    for number in range(draw(st.integers(4, 40))):
        order = draw(st.integers(0, 4))
        name = draw(st.sampled_from(EVENTS))
        objects = [f"purchase_order:{order}", f"goods_receipt:{order}"]
        if draw(st.booleans()) and name != DESCRIBED:
            objects.reverse()
        found.append(
            told(
                f"e{number}",
                name,
                draw(st.integers(0, 90)),
                *objects,
                promised_at=None if name == "link.withdrawn" else draw(st.none() | st.sampled_from(TEXTS)),
                facility=("east", "east", "west", "west", "")[order],
            )
        )
    pair = draw(st.sampled_from([(0, 1), (2, 3)]))
    if draw(st.booleans()):
        found.append(told("same", "object.same_as", 0, *(f"purchase_order:{n}" for n in pair), facility=""))
    return found


def expected(log: list[Fact]) -> set[tuple[Any, ...]]:
    own, found = names(log), set()
    for promise in promises(EVERY_PROMISE, log):
        key, _, order, *_ = promise.cycle
        handoff = EVERY_PROMISE.handoffs[key]
        place = next((f.facility for f in log if f.facility and any(own.get(o, o)[1] == order for o in f.objects)), "")
        hours = hours_of(handoff, REGISTRY, place)
        at = promised_to(promise, handoff, log, own, zone_of(handoff, REGISTRY, place))
        if at is None:
            target = target_of(handoff, REGISTRY, place, "")
            at = due(promise, hours, target) if target else None
        elif handoff.grace:
            at = due_at(hours, at, parse_duration(handoff.grace))
        found.add((*promise.cycle, at, promise.stood))
    return found


@pytest.mark.database
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), log=logs())
def test_promises_are_the_oracles_in_any_order_of_arrival_and_by_a_rebuild(
    database: Database, clock: ManualClock, data: st.DataObject, log: list[Fact]
) -> None:
    for table in (*FACTS, *DERIVED):
        database.execute(f"TRUNCATE TABLE {table}")
    arrivals = data.draw(st.permutations([*log, *data.draw(st.lists(st.sampled_from(log), max_size=4))]))
    cut = data.draw(st.integers(0, len(arrivals)))
    if not database.rows("SELECT 1 FROM day_ends LIMIT 1"):
        published(database, clock, EVERY_PROMISE)
    live = Correlator(database, EVERY_PROMISE, clock, overlap=timedelta(0))

    for part in (arrivals[:cut], arrivals[cut:]):
        store(database, part)
        live.tick()
    incremental = database.rows("SELECT * EXCEPT (revision, is_gone) FROM handoffs FINAL ORDER BY ALL")
    live.rebuild()

    columns = "handoff, object_type, object_id, cycle, opened_at, closed_at, cancelled_at, due_at, stood"
    rows = database.rows(f"SELECT {columns} FROM handoffs FINAL")
    assert {(*list(row.values())[:-1], stretches(row["stood"])) for row in rows} == expected(log)
    assert database.rows("SELECT * EXCEPT (revision, is_gone) FROM handoffs FINAL ORDER BY ALL") == incremental


def test_grace_without_a_promise_is_refused() -> None:
    with pytest.raises(ValueError, match="grace without due_from"):
        model(plain=receipt(due_from=None, grace="1bd"))
