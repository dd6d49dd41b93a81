from datetime import UTC, datetime, timedelta

import pytest
from support.event_rows import Touch, store_touches, supersede
from support.ocel_oracle import LOG, ocel_components, ocel_figures, ocel_touches

from core.clickhouse import Database
from core.filters import Filters
from slo.journey_lags import JourneyLag, JourneyLags, Step
from slo.kpis import Kpis

pytestmark = pytest.mark.database

START = datetime(2026, 2, 1, 8, tzinfo=UTC)
AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
MODEL = "procure-to-pay"


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def store_journeys(
    database: Database, journeys: dict[str, list[str]], facility: str = "", *, provisional: bool = False
) -> None:
    """Store journeys: root to members, each "type:id"."""
    pairs = [(root.split(":", 1), member.split(":", 1)) for root, members in journeys.items() for member in members]
    database.insert(
        "journey_members",
        ("model", "root_type", "root_id", "object_type", "object_id", "revision", "is_gone"),
        [(MODEL, *root, *member, 1, 0) for root, member in pairs],
    )
    database.insert(
        "journeys",
        ("model", "root_type", "root_id", "provisional", "facility", "revision", "is_gone"),
        [(MODEL, *root.split(":", 1), provisional, facility, 1, 0) for root in journeys],
    )


def medians(database: Database, *steps: Step, as_of: datetime = AS_OF) -> list[JourneyLag]:
    return JourneyLags(database, MODEL).medians(Filters(as_of=as_of), steps)


def order(database: Database, number: int, requested: float, ordered: float, facility: str = "") -> None:
    store_journeys(
        database, {f"purchase_order:{number}": [f"purchase_order:{number}", f"requisition:{number}"]}, facility
    )
    store_touches(
        database,
        Touch("requisition.created", day(requested), (f"requisition:{number}",)),
        Touch("purchase_order.created", day(ordered), (f"purchase_order:{number}", f"requisition:{number}")),
    )


REQUISITION_TO_ORDER = Step("", "requisition.created", "purchase_order.created")


def test_the_median_is_over_journeys_that_have_both_events(database: Database) -> None:
    order(database, 1, 0, 2)
    order(database, 2, 1, 5)
    store_journeys(database, {"purchase_order:3": ["purchase_order:3"]})
    store_touches(database, Touch("purchase_order.created", day(1), ("purchase_order:3",)))

    (lag,) = medians(database, REQUISITION_TO_ORDER)

    assert (lag.start, lag.stop) == ("requisition.created", "purchase_order.created")
    assert (lag.journeys, lag.median_days) == (2, 3)


def test_the_first_of_repeated_events_counts_and_what_came_later_than_asked_does_not(database: Database) -> None:
    order(database, 1, 0, 2)
    store_touches(database, Touch("purchase_order.created", day(1), ("purchase_order:1",), event_id="earlier"))
    order(database, 2, 0, 9)

    (lag,) = medians(database, REQUISITION_TO_ORDER, as_of=day(8))

    assert (lag.journeys, lag.median_days) == (1, 1)


def test_a_version_of_an_event_that_does_not_hold_moves_no_milestone(database: Database) -> None:
    order(database, 1, 0, 2)
    store_touches(database, Touch("purchase_order.created", day(1), ("purchase_order:1",), event_id="other version"))
    supersede(database, "other version", day(3))

    (lag,) = medians(database, REQUISITION_TO_ORDER)

    assert lag.median_days == 2


def test_an_empty_event_type_is_the_first_or_last_event_of_all(database: Database) -> None:
    order(database, 1, 0, 2)
    store_touches(database, Touch("purchase_order.acknowledged", day(7), ("purchase_order:1",)))

    whole, none = medians(database, Step("", "", ""), Step("", "invoice.received", ""))

    assert (whole.median_days, none.journeys, none.median_days) == (7, 0, None)


def test_a_sister_order_of_a_shared_quotation_does_not_lend_its_events(database: Database) -> None:
    shared = "quotation:Q"
    store_journeys(database, {f"purchase_order:{n}": [f"purchase_order:{n}", shared] for n in (1, 2)})
    store_touches(
        database,
        Touch("quotation.requested", day(0), (shared,)),
        Touch("purchase_order.created", day(2), ("purchase_order:1", shared)),
        Touch("purchase_order.created", day(8), ("purchase_order:2", shared)),
    )

    (lag,) = medians(database, Step("", "quotation.requested", "purchase_order.created"))

    assert (lag.journeys, lag.median_days) == (2, 5)


def test_the_kpi_of_requisition_to_order_follows_filters_and_leaves_out_provisional_journeys(
    database: Database,
) -> None:
    order(database, 1, 0, 2, "east")
    order(database, 2, 0, 6, "west")
    store_journeys(database, {"requisition:9": ["requisition:9", "purchase_order:9"]}, "east", provisional=True)
    store_touches(
        database,
        Touch("requisition.created", day(0), ("requisition:9",)),
        Touch("purchase_order.created", day(20), ("purchase_order:9",)),
    )

    def measured(*facility: str) -> tuple[float | None, int]:
        found = next(
            k for k in Kpis(database).all(Filters(as_of=AS_OF, facility=facility)) if k.key == "requisition_to_order"
        )
        return found.value, found.denominator

    assert measured() == (4, 2)
    assert measured("east") == (2, 1)


@pytest.mark.skipif(not LOG.is_dir(), reason=f"the OCEL log is not at {LOG}")
def test_the_public_event_log_has_its_published_figures(database: Database) -> None:
    store_touches(database, *ocel_touches())
    store_journeys(database, ocel_components())
    as_of = Filters(as_of=datetime(2030, 1, 1, tzinfo=UTC))

    lags = Kpis(database).journey_lags(as_of)
    kpis = {kpi.key: kpi.value for kpi in Kpis(database).all(as_of)}

    expected = ocel_figures()
    assert [lag.median_days for lag in lags] == pytest.approx(
        [
            expected.requisition_to_order,
            expected.order_to_receipt,
            expected.receipt_to_invoice,
            expected.invoice_to_payment,
            expected.end_to_end,
        ],
        abs=1e-9,
    )
    assert [round(lag.median_days or 0, 2) for lag in lags] == [7.15, 6.56, 2.36, 3.68, 21.75]
    assert (kpis["invoices_paid_more_than_once"], kpis["surplus_payments"]) == (188, 239)
