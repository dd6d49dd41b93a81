from datetime import UTC, datetime

import pytest

from core.filters import Filters
from core.registry import Facility, Registry
from web.strangers import Defined

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
EAST = Facility(name="Mercy East Hospital", aliases=("0885001",))
REGISTRY = Registry(facilities={"MEAST": EAST})


def defined(
    registry: Registry = REGISTRY, handoffs: tuple[str, ...] = ("receipt",), **seen: tuple[str, ...]
) -> Defined:
    return Defined(registry, handoffs, lambda: seen)


def told(known: Defined, **chosen: tuple[str, ...]) -> list[str]:
    return list(known.strangers(Filters(NOW, **chosen)))


def test_what_is_defined_is_no_stranger() -> None:
    chosen = {
        "facility": ("MEAST",),
        "criticality": ("low",),
        "handoff": ("receipt",),
        "cause": ("silence", "silence:erp"),
    }

    assert told(defined(), **chosen) == []


@pytest.mark.parametrize("near", ["mercy east", "0885002", "meest"])
def test_a_facility_is_near_by_its_key_its_name_and_its_other_names(near: str) -> None:
    assert told(defined(), facility=(near,)) == [f"no facility is called {near!r}; near it: 'MEAST'"]


def test_what_facts_name_can_be_asked_for_though_nobody_registered_it() -> None:
    known = defined(facility=("WHSE9",), criticality=("urgent",))

    assert told(known, facility=("WHSE9",), criticality=("urgent",)) == []
    assert told(known, facility=("WHSE8",)) == ["no facility is called 'WHSE8'"]


def test_where_nothing_is_registered_and_no_model_known_values_are_what_facts_tell() -> None:
    assert told(defined(Registry(), ()), facility=("X",), handoff=("y",)) == []


def test_facts_are_not_asked_for_what_is_defined() -> None:
    def seen() -> dict[str, tuple[str, ...]]:
        raise AssertionError

    assert list(Defined(REGISTRY, (), seen).strangers(Filters(NOW, facility=("MEAST",)))) == []


def test_only_the_filters_that_matter_are_judged() -> None:
    chosen = Filters(NOW, facility=("X",), cause=("y",))

    assert list(defined().strangers(chosen, ("cause", "supplier"))) == ["no cause is called 'y'"]
