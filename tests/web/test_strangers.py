from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from core.filters import Filters
from core.registry import Facility, Registry
from web.strangers import Defined

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
EAST = Facility(name="Mercy East Hospital", aliases=("0885001",))
REGISTRY = Registry(facilities={"MEAST": EAST})


class Store:
    """Holds values of dimensions, and notes what it is asked."""

    def __init__(self, **values: tuple[str, ...]) -> None:
        self.values, self.asked = values, list[tuple[str, tuple[str, ...]]]()

    def held(self, dimension: str, asked: Collection[str]) -> Collection[str]:
        self.asked.append((dimension, tuple(asked)))
        return set(self.values.get(dimension, ())) & set(asked)


def defined(
    registry: Registry = REGISTRY,
    handoffs: tuple[str, ...] = ("receipt",),
    *,
    store: Store | None = None,
    **selected: tuple[str, ...],
) -> Defined:
    return Defined(registry, handoffs, (store or Store()).held, lambda: selected)


def told(known: Defined, **chosen: tuple[str, ...]) -> list[str]:
    return list(known.strangers(Filters(NOW, **chosen)))


def test_what_is_defined_is_no_stranger_and_the_store_is_not_asked_for_it() -> None:
    store = Store()
    chosen = {
        "facility": ("MEAST",),
        "criticality": ("low",),
        "handoff": ("receipt",),
        "cause": ("silence", "silence:erp"),
    }

    assert told(defined(store=store), **chosen) == []
    assert store.asked == []


@pytest.mark.parametrize("near", ["mercy east", "0885002", "meest"])
def test_a_facility_is_near_by_its_key_its_name_and_its_other_names(near: str) -> None:
    assert told(defined(), facility=(near,)) == [f"no facility is called {near!r}; near it: 'MEAST'"]


def test_what_the_store_holds_can_be_asked_for_though_nobody_defined_it() -> None:
    known = defined(store=Store(facility=("WHSE9",), criticality=("urgent",), handoff=("old",)))

    assert told(known, facility=("WHSE9",), criticality=("urgent",), handoff=("old",)) == []
    assert told(known, facility=("WHSE8",)) == ["no facility is called 'WHSE8'"]


def test_what_came_a_moment_ago_can_be_asked_for_at_once() -> None:
    store = Store()
    known = defined(store=store)
    refused = told(known, facility=("WHSE9",))
    store.values["facility"] = ("WHSE9",)

    assert refused == ["no facility is called 'WHSE9'"]
    assert told(known, facility=("WHSE9",)) == []


def test_the_store_is_asked_once_for_all_values_of_a_filter_that_nobody_defined() -> None:
    store = Store(facility=("WHSE9",))

    assert len(told(defined(store=store), facility=("WHSE8", "MEAST", "WHSE9", "WHSE7"), handoff=("receipt",))) == 2
    assert store.asked == [("facility", ("WHSE8", "WHSE9", "WHSE7"))]


def test_what_an_objective_selects_can_be_asked_for_though_nothing_has_it_yet() -> None:
    known = defined(facility=("WHSE9",))

    assert told(known, facility=("WHSE9",)) == []
    assert told(known, facility=("WHSE8",), handoff=("x",)) == [
        "no facility is called 'WHSE8'",
        "no handoff of the models is called 'x'",
    ]


def test_where_nothing_is_registered_and_no_model_known_values_are_what_facts_tell() -> None:
    assert told(defined(Registry(), ()), facility=("X",), handoff=("y",)) == []


def test_only_the_filters_that_matter_are_judged() -> None:
    chosen = Filters(NOW, facility=("X",), cause=("y",))

    assert list(defined().strangers(chosen, ("cause", "supplier"))) == ["no cause is called 'y'"]
