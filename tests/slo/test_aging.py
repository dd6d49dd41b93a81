from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from support.event_rows import Touch, store_touches, supersede
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from correlator.loading import load_models
from correlator.model import JourneyModel
from slo.aging import Aging

pytestmark = pytest.mark.database

AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
MODELS = load_models(["procure-to-pay"])


def raised(name: str, days_ago: float, reason: str = "price_variance", **further: object) -> tuple[HandoffRow, Touch]:
    at = AS_OF - timedelta(days=days_ago)
    row = HandoffRow(name, opened_at=at, handoff="exception_price_variance", object_type="exception", **further)  # type: ignore[arg-type]  # any field
    return row, Touch("exception.raised", at, (f"exception:{name}", "invoice:INV-1"), reason=reason)


def store(database: Database, *exceptions: tuple[HandoffRow, Touch]) -> None:
    store_handoffs(database, *[row for row, _ in exceptions])
    store_touches(database, *[touch for _, touch in exceptions])


def test_an_exception_falls_into_the_bucket_of_its_age_and_a_bound_belongs_to_the_older_one(database: Database) -> None:
    store(database, *[raised(str(age), age) for age in (0, 0.99, 1, 2.9, 3, 6.9, 7, 13.9, 14, 29.9, 30, 400)])

    found = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=())

    assert [(b.from_days, b.to_days, b.exceptions) for b in found] == [
        (0, 1, 2),
        (1, 3, 2),
        (3, 7, 2),
        (7, 14, 2),
        (14, 30, 2),
        (30, None, 2),
    ]


def test_the_reason_is_that_of_the_version_of_the_event_that_holds(database: Database) -> None:
    row, touch = raised("a", 2)
    store(database, (row, touch))
    store_touches(database, replace(touch, reason="missing_receipt", event_id="z"))
    supersede(database, "z", AS_OF)

    (found,) = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=("reason",))

    assert found.keys == {"reason": "price_variance"}


def test_buckets_are_configurable(database: Database) -> None:
    store(database, raised("young", 1), raised("old", 20))

    found = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), bounds_days=(0, 10), group_by=())

    assert [(b.from_days, b.to_days, b.exceptions) for b in found] == [(0, 10, 1), (10, None, 1)]


def test_amounts_at_risk_add_up_by_currency_and_a_missing_amount_is_only_counted(database: Database) -> None:
    store(
        database,
        raised("a", 2, amount=Decimal("100.50"), currency="USD"),
        raised("b", 2, amount=Decimal("0.25"), currency="USD"),
        raised("c", 2, amount=Decimal(7), currency="CAD"),
        raised("d", 2),
    )

    (found,) = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=())

    assert found.exceptions == 4
    assert found.amounts == {"USD": Decimal("100.75"), "CAD": Decimal(7)}


def test_exceptions_are_told_apart_by_facility_and_by_reason(database: Database) -> None:
    store(
        database,
        raised("a", 2, "missing_receipt", facility="east"),
        raised("b", 2, "price_variance", facility="east"),
        raised("c", 2, "price_variance", facility="west"),
        raised("d", 2, "price_variance", facility="west"),
    )

    found = Aging(database, MODELS).buckets(Filters(as_of=AS_OF))

    assert [(b.keys["facility"], b.keys["reason"], b.exceptions) for b in found] == [
        ("east", "missing_receipt", 1),
        ("east", "price_variance", 1),
        ("west", "price_variance", 2),
    ]
    assert [b.exceptions for b in Aging(database, MODELS).buckets(Filters(as_of=AS_OF, facility=("west",)))] == [2]


def test_only_what_was_open_then_counts_whatever_happened_after(database: Database) -> None:
    later, earlier = AS_OF + timedelta(hours=1), AS_OF - timedelta(hours=1)
    store(
        database,
        raised("resolved", 2, closed_at=earlier),
        raised("cancelled", 2, cancelled_at=earlier),
        raised("resolved later", 2, closed_at=later),
        raised("raised later", -1),
        raised("gone", 2, is_gone=1),
    )
    store_handoffs(database, HandoffRow("no exception", opened_at=earlier))

    (found,) = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=())

    assert found.exceptions == 1


def test_the_reason_is_the_newest_by_then_and_unknown_where_the_event_is_missing(database: Database) -> None:
    store(database, raised("a", 5, "price_variance"))
    store_touches(
        database,
        Touch("exception.raised", AS_OF - timedelta(days=1), ("exception:a",), reason="tax_variance"),
        Touch("exception.raised", AS_OF + timedelta(days=1), ("exception:a",), reason="duplicate"),
    )
    store_handoffs(database, raised("b", 5)[0])

    found = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=["reason"])

    assert [b.keys for b in found] == [{"reason": ""}, {"reason": "tax_variance"}]


def test_an_exception_that_was_raised_for_two_reasons_counts_once_since_the_first(database: Database) -> None:
    store(database, raised("a", 5), raised("a", 1, "tax_variance", cycle=2))
    store_handoffs(
        database,
        HandoffRow("b", opened_at=AS_OF - timedelta(days=5), handoff="exception_tax", object_type="exception"),
        HandoffRow("b", opened_at=AS_OF - timedelta(days=1), handoff="exception_other", object_type="exception"),
    )

    found = Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=())

    assert [(each.from_days, each.exceptions) for each in found] == [(3, 2)]


def test_a_handoff_that_awaits_anything_but_the_resolution_leaves_no_exception_open(database: Database) -> None:
    to_triage = {"title": "Raised → triaged", "on": "exception", "start": ["exception.raised"]}
    desk = JourneyModel.model_validate(
        {
            "model": "desk",
            "version": 1,
            "title": "Exceptions desk",
            "anchor": "exception",
            "objects": {"exception": {}},
            "handoffs": {"to_triage": {**to_triage, "stop": ["exception.triaged"]}},
        }
    )
    hour = timedelta(hours=1)
    store(database, raised("resolved", 2, closed_at=AS_OF - hour), raised("open", 2))
    for name in ("resolved", "open"):
        since = AS_OF - timedelta(days=20)
        never_triaged = HandoffRow(name, since, model="desk", handoff="to_triage", object_type="exception")
        store_handoffs(database, never_triaged)

    found = Aging(database, [desk, *MODELS]).buckets(Filters(as_of=AS_OF), group_by=())

    assert [(each.from_days, each.exceptions) for each in found] == [(1, 1)]
    assert Aging(database, [desk]).buckets(Filters(as_of=AS_OF)) == []


def test_bounds_that_do_not_rise_from_zero_are_refused(database: Database) -> None:
    for bounds in ((), (1, 3), (0, 3, 3), (0, 5, 2)):
        with pytest.raises(MisuseError, match="must rise from 0 days"):
            Aging(database, MODELS).buckets(Filters(as_of=AS_OF), bounds_days=bounds)


def test_a_group_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(MisuseError, match="cannot be grouped by colour"):
        Aging(database, MODELS).buckets(Filters(as_of=AS_OF), group_by=["colour"])
