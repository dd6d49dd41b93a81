"""KPIs over 300 real traces of the BPI Challenge 2019 equal what pandas makes of the same file."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pandas as pd
import pytest
from support.bpic2019 import TABLES
from support.facts import Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.migrations import migrate
from core.registry import Registry
from correlator.loading import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars
from slo.kpis import Kpis

LOG = TABLES / "ground_truth_log.csv"
pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not LOG.is_file(), reason=f"the traces of the BPI Challenge 2019 are not at {LOG}"),
]
AFTER = Filters(as_of=datetime(2026, 1, 1, tzinfo=UTC))
REQUESTED, ORDERED = "SRM: Created", "Create Purchase Order Item"  # a shopping cart is a requisition
BILLED, RECORDED, CLEARED = "Vendor creates invoice", "Record Invoice Receipt", "Clear Invoice"
GOODS = "Record Goods Receipt"


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    """The events, in UTC, by case. A bill is of the day that the file dresses as 23:59."""
    read = pd.read_csv(LOG)
    return read.assign(at=pd.to_datetime(read.timestamp, utc=True), user=read.user.fillna("NONE"))


@pytest.fixture(scope="module")
def kpis(store_dsn: str, log: pd.DataFrame) -> Iterator[Kpis]:
    database = Database.open(store_dsn, database=f"t_{secrets.token_hex(6)}")
    clock = ManualClock(AFTER.as_of)
    migrate(database, clock)
    publish_calendars(database, Registry(), clock)
    store(database, list(facts(log)))
    (model,) = load_models(["procure-to-pay"])
    Correlator(database, model, clock).rebuild()
    yield Kpis(database)
    database.execute(f"DROP DATABASE {database.name} SYNC")
    database.close()


def facts(log: pd.DataFrame) -> Iterator[Fact]:
    """Tell each case as an order of its own, with one invoice that is received when it is recorded."""
    dated = log[log.activity == BILLED].groupby("case_id")["at"].min().dt.date
    for row in log.itertuples():
        order, invoice, at = f"purchase_order:{row.case_id}", f"invoice:{row.case_id}", row.at.to_pydatetime()
        told = {
            REQUESTED: ("requisition.created", (f"requisition:{row.case_id}", order)),
            ORDERED: ("purchase_order.created", (order,)),
            RECORDED: ("invoice.received", (invoice, order)),
            GOODS: ("goods_receipt.posted", (f"goods_receipt:{row.Index}", invoice)),
            CLEARED: ("payment.executed", (f"payment:{row.Index}", invoice)),
        }
        event, objects = told.get(row.activity, ("invoice.handled", (invoice,)))
        says = (
            (("document_date", str(dated[row.case_id])),) if row.activity == RECORDED and row.case_id in dated else ()
        )
        yield fact(f"e{row.Index}", event, at, *objects, attributes=says)


def firsts(log: pd.DataFrame, activity: str) -> "pd.Series[pd.Timestamp]":
    return log[log.activity == activity].groupby("case_id")["at"].min()


def test_orders_that_were_created_after_the_vendors_invoice(kpis: Kpis, log: pd.DataFrame) -> None:
    both = pd.DataFrame(
        {"ordered": firsts(log, ORDERED), "billed": firsts(log, BILLED), "recorded": firsts(log, RECORDED)}
    )
    both = both.dropna(subset=["ordered", "recorded"])
    ends = both.billed.dt.floor("D") + pd.Timedelta(days=1)
    maverick = both.ordered > ends.where(ends < both.recorded, both.recorded)

    found = kpis.one("maverick_orders", AFTER)

    print(f"maverick: {maverick.sum()} of {len(both)}")
    assert 0 < maverick.sum() < len(both)
    assert (found.numerator, found.denominator) == (maverick.sum(), len(both))


def test_invoices_that_no_person_touched_until_they_were_recorded(database: Database, log: pd.DataFrame) -> None:
    spans = pd.DataFrame({"billed": firsts(log, BILLED), "recorded": firsts(log, RECORDED)}).dropna()
    spans = spans[spans.recorded >= spans.billed]
    on_case = log.merge(spans, left_on="case_id", right_index=True)
    between = on_case[(on_case["at"] >= on_case.billed) & (on_case["at"] <= on_case.recorded)]
    acted = between[between.user != "NONE"]
    touched = acted[~acted.user.str.startswith("batch") & (acted.activity != GOODS)].case_id.nunique()
    names = {BILLED: "invoice.received", RECORDED: "invoice.posted", GOODS: "goods_receipt.posted"}
    store(
        database,
        [
            fact(
                f"e{row.Index}",
                names.get(row.activity, "invoice.handled"),
                row.at.to_pydatetime(),
                f"invoice:{row.case_id}",
                actor="" if row.user == "NONE" else row.user,
            )
            for row in log.itertuples()
        ],
    )

    found = Kpis(database).one("touch_rate", AFTER)

    print(f"touchless: {acted.case_id.nunique() - touched} of {acted.case_id.nunique()}")
    assert 0 < touched < acted.case_id.nunique()
    assert (found.denominator, found.denominator - (found.numerator or 0)) == (acted.case_id.nunique(), touched)


def test_invoices_that_were_cleared_more_than_once(kpis: Kpis, log: pd.DataFrame) -> None:
    cleared = log[log.activity == CLEARED].groupby("case_id").size()

    assert kpis.one("invoices_paid_more_than_once", AFTER).numerator == (cleared > 1).sum() > 0
    assert kpis.one("surplus_payments", AFTER).numerator == (cleared - 1).sum()


def test_the_median_from_recording_to_clearing_with_open_invoices_is_that_of_lifelines(
    kpis: Kpis, log: pd.DataFrame
) -> None:
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - slow to import, and needed here only

    standing_at = pd.Timestamp("2018-06-01T00:00:00Z")
    seen = log[log["at"] <= standing_at]
    received, cleared = firsts(seen, RECORDED), firsts(seen, CLEARED)
    known = pd.DataFrame({"received": received, "cleared": cleared.reindex(received.index)})
    known = known[known.cleared.isna() | (known.cleared >= known.received)]
    lasted = (known.cleared.fillna(standing_at) - known.received) / pd.Timedelta(days=1)
    fitted = KaplanMeierFitter().fit(lasted, known.cleared.notna())

    found = kpis.one("invoice_cycle_time_all", Filters(as_of=standing_at.to_pydatetime()))

    print(f"median {fitted.median_survival_time_} of {len(known)}, {known.cleared.isna().sum()} open")
    assert 0 < known.cleared.isna().sum() < len(known)
    assert (found.value, found.denominator) == (pytest.approx(fitted.median_survival_time_), len(known))


def test_what_the_log_does_not_say_is_not_measured(kpis: Kpis) -> None:
    for key in ("on_time_payment", "discounts_captured", "contract_compliance", "duplicate_invoices"):
        found = kpis.one(key, AFTER)

        assert found.value is None
        assert found.not_measured.startswith("not measured: no event states")
        assert found.lacking > 0
