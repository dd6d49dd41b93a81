"""How long a promise may take depends on the place; whose business time counts can depend on the handoff."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.calendars import WEEK, calendar
from support.facts import Fact, fact, store
from support.promised import hours_of, target_of

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import DefinitionError
from core.registry import Facility, Registry, publish_registry
from core.settings import Settings
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.naming_views import publish_names
from correlator.own_names import OwnNames, own_names
from correlator.registered import calendar_keys, unknown_places
from correlator.tick import Correlator
from slo.business_time import due_at
from slo.calendars import publish_calendars
from stallwatch.bootstrap import open_house

CHICAGO, BERLIN = "America/Chicago", "Europe/Berlin"
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)  # 09:00 in Chicago, 16:00 in Berlin
REGISTRY = Registry(
    calendars={
        "office": calendar("08:00-17:00"),
        "bank": calendar("09:00-16:00", closed=("2026-03-09",)),
        "docks": calendar("06:00-14:00", days=(*WEEK, "sat")),
    },
    facilities={
        "east": Facility(name="East", region="lakes", time_zone=CHICAGO, calendar="office"),
        "west": Facility(name="West", region="lakes", time_zone=BERLIN, calendar="office", kind="clinic"),
        "depot": Facility(
            name="Depot", region="plains", time_zone=CHICAGO, calendar="docks", kind="warehouse", aliases=("D-7",)
        ),
        "ward": Facility(name="Ward", time_zone=BERLIN, kind="clinic"),
    },
)
PLACES = (*REGISTRY.facilities, "D-7", "elsewhere", "")
OWN = {"D-7": "depot"}
CRITICALITIES = ("clinical-critical", "standard", "low", "")
HANDOFFS: dict[str, dict[str, Any]] = {
    "plain": {"target": {"standard": "3bd", "low": "20bh"}},
    "banked": {"target": {"standard": "2bd", "low": "9bh"}, "calendar": "bank"},
    "in_berlin": {"target": {"standard": "1bd"}, "calendar": "bank@Europe/Berlin"},
    "never_closed": {"target": {"standard": "1bd", "low": "30bh"}, "calendar": "always"},
    "placed": {
        "target": {"standard": "5bd", "clinical-critical": "1bd"},
        "target_at": {
            "facilities": {"east": {"standard": "2bd"}, "elsewhere": {"standard": "7h"}},
            "regions": {"lakes": {"standard": "3bd", "low": "6bd"}, "plains": {"clinical-critical": "5bh"}},
            "kinds": {"clinic": {"standard": "4bd", "clinical-critical": "3h"}, "warehouse": {"low": "90m"}},
        },
        "calendar": "docks",
    },
}


def model(handoffs: dict[str, dict[str, Any]]) -> JourneyModel:
    common = {"title": "Match", "on": "invoice", "start": ["invoice.received"], "stop": ["invoice.matched"]}
    return JourneyModel.model_validate(
        {
            "model": "tested",
            "version": 1,
            "title": "Tested",
            "anchor": "invoice",
            "objects": {"invoice": {}},
            "handoffs": {key: common | given for key, given in handoffs.items()},
        }
    )


def received(place: str, criticality: str, after: int) -> Fact:
    invoice = f"invoice:{place}/{criticality}/{after}"
    at = FRIDAY + timedelta(hours=after)
    return fact(invoice, "invoice.received", at, invoice, facility=place, criticality=criticality)


@pytest.mark.database
def test_due_times_follow_the_place_and_the_calendar_of_the_handoff(database: Database, clock: ManualClock) -> None:
    given = model(HANDOFFS)
    publish_registry(database, REGISTRY, clock)
    publish_calendars(database, REGISTRY, clock, calendar_keys([given], REGISTRY))
    publish_names(database, own_names([given], REGISTRY))
    facts = [received(place, rank, after) for place in PLACES for rank in CRITICALITIES for after in (0, 4, 9, 50)]
    store(database, facts)

    Correlator(database, given, clock, names=own_names([given], REGISTRY)).tick()

    expected = {
        (key, item.objects[0][1]): due_at(
            hours_of(handoff, REGISTRY, OWN.get(item.facility, item.facility)), item.occurred_at, target
        )
        for key, handoff in given.handoffs.items()
        for item in facts
        if (target := target_of(handoff, REGISTRY, OWN.get(item.facility, item.facility), item.criticality))
    }
    rows = database.rows("SELECT handoff, object_id, due_at FROM handoffs FINAL WHERE due_at IS NOT NULL")
    assert {(row["handoff"], row["object_id"]): row["due_at"] for row in rows} == expected
    assert len(expected) > 200
    named = database.rows("SELECT DISTINCT toString(facility) AS facility FROM handoffs FINAL ORDER BY facility")
    assert [row["facility"] for row in named] == sorted({OWN.get(place, place) for place in PLACES})
    publish_names(database, OwnNames())
    by_hand = {
        # Friday at the opening, resp. at the closing; Monday is a bank holiday: Wednesday, resp. Thursday at the opening.
        ("banked", "east"): datetime(2026, 3, 11, 14, 0, tzinfo=UTC),
        ("banked", "west"): datetime(2026, 3, 12, 8, 0, tzinfo=UTC),
        # East by itself: 2 days of the docks, Saturday among them; West by its region: 3 days, from Saturday morning on.
        ("placed", "east"): datetime(2026, 3, 9, 14, 0, tzinfo=UTC),
        ("placed", "west"): datetime(2026, 3, 11, 5, 0, tzinfo=UTC),
    }
    assert {(key, place): expected[key, f"{place}/standard/0"] for key, place in by_hand} == by_hand


def test_a_calendar_that_the_registry_lacks_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "tested.yaml"
    file.write_text(yaml.safe_dump(model(HANDOFFS).model_dump(mode="json", exclude_defaults=True)), encoding="utf-8")
    settings = Settings(models=(str(file),), data_dir=tmp_path)
    without = Registry(calendars={"office": calendar("08:00-17:00")})

    with (
        pytest.raises(
            DefinitionError, match=r"handoffs.banked.calendar: the registry defines no calendar 'bank'; it has"
        ),
        open_house(settings, ManualClock(FRIDAY), registry=without),
    ):
        pass


def test_a_handoff_that_is_limited_to_places_which_the_registry_lacks_is_told() -> None:
    limited = model({"plain": {"when": {"facility": ["east", "wset", "D-7"]}}})

    at = "model 'tested': handoffs.plain.when.facility"
    assert unknown_places([limited], REGISTRY) == (
        f"{at}.1: the registry has no such facility; did you mean 'west'?",
        f"{at}.2: the registry has no such facility; it is an alias of depot: write that",
    )
    assert unknown_places([limited], Registry()) == ()


def test_places_that_the_registry_lacks_are_told(tmp_path: Path) -> None:
    assert unknown_places([model(HANDOFFS)], REGISTRY) == (
        "model 'tested': handoffs.placed.target_at.facilities.elsewhere: the registry has no such facility",
    )


def test_calendars_are_wanted_in_every_zone_unless_they_name_one() -> None:
    keys = calendar_keys([model({key: HANDOFFS[key] for key in ("plain", "banked", "in_berlin")})], REGISTRY)

    assert keys == ("bank@America/Chicago", "bank@Europe/Berlin", "bank@UTC")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"calendar": "bank@Mars/Olympus"}, "'Mars/Olympus' is not an IANA time zone"),
        ({"calendar": "@UTC"}, "names no calendar"),
        ({"target_at": {"facilities": {"east": {"standard": "soon"}}}}, "'soon' is not a duration"),
        ({"target_at": {"kinds": {"castle": {"standard": "1bd"}}}}, "hospital"),
        ({"target_at": {"east": {"standard": "1bd"}}}, "east"),
    ],
)
def test_a_target_or_calendar_that_cannot_be_read_is_refused(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        model({"plain": given})


def test_a_shipped_model_needs_no_registry() -> None:
    assert calendar_keys(load_models(["procure-to-pay", "supplier-master"]), Registry()) == ()
