"""The public OCEL 2.0 procure-to-pay log, imported and derived, gives the figures that are known of it."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support.ocel_oracle import LOG, ocel_figures

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import Registry
from core.settings import Settings
from correlator.loading import load_models, shipped_models
from slo.kpis import Kpis
from stallwatch.bootstrap import House
from stallwatch.importers import ImportReport, import_ocel, load_vocabulary

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not LOG.is_dir(), reason=f"the OCEL log is not at {LOG}"),
]
AFTER = datetime(2026, 1, 1, tzinfo=UTC)
MID_LOG = datetime(2023, 6, 1, tzinfo=UTC)
DOCUMENTS = "procure-to-pay-documents"


def house_with(database: Database, model: str) -> House:
    # The engine drops what is past its retention by its own clock, not by ours.
    settings = Settings(retention_spans_days=0, retention_quarantine_days=0)
    return House(settings, ManualClock(AFTER), Registry(), load_models([model]), database)


@pytest.fixture(scope="module")
def imported(store_dsn: str) -> Iterator[tuple[House, ImportReport]]:
    database = Database.open(store_dsn, database=f"t_{secrets.token_hex(6)}")
    house = house_with(database, DOCUMENTS)
    house.prepare()
    report = import_ocel(LOG, house.collector.accept_logs, vocabulary=load_vocabulary("procure-to-pay"))
    house.collector.close()
    house.tick()
    yield house, report
    database.execute(f"DROP DATABASE {database.name} SYNC")
    database.close()


@pytest.fixture(scope="module")
def anchored_at_quotation(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The documents model, its anchor moved by editing the file alone."""
    text = shipped_models()[DOCUMENTS].read_text(encoding="utf-8")
    for old, new in (
        (f"model: {DOCUMENTS}", "model: by-quotation"),
        ("anchor: purchase_order", "anchor: quotation"),
        (
            "purchase_order: {title: Purchase order}",
            "purchase_order: {title: Purchase order, attaches_via: [quotation]}",
        ),
        ("quotation: {title: Request for quotation, attaches_via: [purchase_order]}", "quotation: {title: RFQ}"),
        ("attaches_via: [quotation, purchase_order]}", "attaches_via: [quotation]}"),
    ):
        assert old in text
        text = text.replace(old, new)
    file = tmp_path_factory.mktemp("models") / "by-quotation.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_every_event_object_and_relation_comes_in(imported: tuple[House, ImportReport]) -> None:
    house, report = imported
    (stored,) = house.database.rows(
        "SELECT uniqExact(event_id) AS events, (SELECT uniqExact(object_type, object_id, occurred_at, event_id) "
        "FROM event_objects) AS relations FROM events"
    )

    assert (report.events, report.objects) == (14671, 9543)
    assert (report.event_object_relations, report.object_object_relations) == (35927, 20402)
    assert (report.rejected, report.quarantined) == (0, 0)
    assert stored == {"events": 14671, "relations": 35927}


def test_there_is_one_journey_a_purchase_order(imported: tuple[House, ImportReport]) -> None:
    house, _ = imported
    rows = house.database.rows(
        "SELECT root_type, count() AS journeys FROM journeys FINAL WHERE model = 'procure-to-pay-documents' GROUP BY 1"
    )

    assert rows == [{"root_type": "purchase_order", "journeys": 1598}]


def test_moving_the_anchor_in_the_model_gives_one_journey_a_component(
    imported: tuple[House, ImportReport], anchored_at_quotation: str
) -> None:
    house = house_with(imported[0].database, anchored_at_quotation)
    house.tick()

    found = house.database.rows("SELECT count() AS journeys FROM journeys FINAL WHERE model = 'by-quotation'")
    lags = Kpis(house.database, "by-quotation").journey_lags(Filters(as_of=AFTER))

    assert found == [{"journeys": 927}]
    assert [round(lag.median_days or 0, 2) for lag in lags] == [7.15, 6.56, 2.36, 3.68, 21.75]


def test_components_without_a_requisition_or_its_approval_are_counted(
    imported: tuple[House, ImportReport], anchored_at_quotation: str
) -> None:
    house = house_with(imported[0].database, anchored_at_quotation)
    house.tick()

    (row,) = house.database.rows(
        """
        WITH reached AS
        (
            SELECT root_id, groupUniqArray(event_type) AS types
            FROM (SELECT * FROM journey_members FINAL WHERE model = 'by-quotation') AS member
            INNER JOIN event_objects USING (object_type, object_id)
            GROUP BY root_id
        )
        SELECT countIf(NOT has(types, 'requisition.created')) AS without_requisition,
            countIf(NOT has(types, 'requisition.approved')) AS without_approval
        FROM reached
        """
    )

    assert row == {"without_requisition": 198, "without_approval": 320}


def test_invoices_paid_more_than_once_are_found(imported: tuple[House, ImportReport]) -> None:
    house, _ = imported
    kpis = {kpi.key: kpi for kpi in Kpis(house.database, DOCUMENTS).all(Filters(as_of=AFTER))}
    figures = ocel_figures(LOG)

    assert kpis["invoices_paid_more_than_once"].numerator == figures.invoices_paid_more_than_once == 188
    assert kpis["surplus_payments"].value == figures.surplus_payments == 239


def test_standing_in_the_middle_of_the_log_handoffs_are_open_and_stalled(imported: tuple[House, ImportReport]) -> None:
    house, _ = imported
    totals = house.journeys.totals(MID_LOG)
    summary = house.stalls.summary(Filters(as_of=MID_LOG))
    page = house.stalls.page(Filters(as_of=MID_LOG), limit=1000)

    assert 0 < totals.journeys < 1598
    assert totals.open == summary.open_handoffs > summary.stalls == page.total > 0
    assert all(stall.opened_at <= MID_LOG and stall.due_at < MID_LOG for stall in page.items)


def test_a_second_import_stores_nothing_twice(imported: tuple[House, ImportReport]) -> None:
    house, _ = imported
    again = house_with(house.database, DOCUMENTS)
    counts = "SELECT uniqExact(integration, event_id, content_hash) AS events FROM events"
    before = house.database.rows(counts)

    report = import_ocel(LOG, again.collector.accept_logs, vocabulary=load_vocabulary("procure-to-pay"))
    again.collector.close()

    assert report.rejected == 0
    assert house.database.rows(counts) == before == [{"events": 14671}]
