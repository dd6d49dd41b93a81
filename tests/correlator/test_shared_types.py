"""Two models that share types of documents: what one promises is no stall of what belongs to the other."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import NotFoundError
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.families import Families
from correlator.findings import Findings
from correlator.journeys import Journeys
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.naming_views import publish_names
from correlator.own_names import OwnNames, own_names
from correlator.tick import Correlator

DAY = timedelta(days=1)


@pytest.fixture
def models(tmp_path: Path) -> list[JourneyModel]:
    """The shipped procure-to-pay, and beside it the documented leases, which have invoices and payments too."""
    text = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    (tmp_path / "leases.yaml").write_text("".join(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)), encoding="utf-8")
    return list(load_models(["procure-to-pay", str(tmp_path / "leases.yaml")]))


def derive(database: Database, clock: ManualClock, models: list[JourneyModel]) -> None:
    names = own_names(models)
    try:
        for model in models:
            Correlator(database, model, clock, names=names).tick()
    finally:
        publish_names(database, OwnNames())


@pytest.mark.database
def test_the_documented_leases_promise_nothing_of_purchase_invoices(
    database: Database, clock: ManualClock, models: list[JourneyModel]
) -> None:
    store(
        database,
        [
            fact("o", "purchase_order.created", MONDAY, "purchase_order:1"),
            fact("i", "invoice.received", MONDAY, "invoice:bought", "purchase_order:1", flow_type="three_way"),
            fact("l", "lease.signed", MONDAY, "lease:1", spend_category="leasing"),
            fact("j", "invoice.received", MONDAY, "invoice:leased", "lease:1"),
            fact("k", "invoice.received", MONDAY, "invoice:leased before its lease is known", spend_category="leasing"),
        ],
    )

    derive(database, clock, models)

    promised = database.rows(
        "SELECT object_id FROM handoffs FINAL WHERE model = 'leases' AND handoff = 'invoice_to_payment' ORDER BY object_id"
    )
    assert [row["object_id"] for row in promised] == ["leased", "leased before its lease is known"]


@pytest.mark.database
def test_what_has_an_anchor_in_one_model_is_not_adrift_in_another(
    database: Database, clock: ManualClock, models: list[JourneyModel]
) -> None:
    named = {"bought": "purchase_order:1", "leased": "lease:1", "adrift": "supplier:1"}
    bills = [
        fact(n, "invoice.received", MONDAY, f"invoice:{n}", named[n], received_at=MONDAY)
        for n in ("bought", "leased", "adrift")
    ]
    store(database, bills)
    derive(database, clock, models)

    findings = Findings(database, models).all(Filters(as_of=MONDAY + 8 * DAY), kinds=["no_anchor"])

    assert [(each.found, [str(one.object) for one in each.examples]) for each in findings] == [(1, ["invoice:adrift"])]


@pytest.mark.database
def test_what_is_adrift_in_one_model_leads_to_the_journeys_that_hold_it_in_another(
    database: Database, clock: ManualClock, models: list[JourneyModel]
) -> None:
    bill = fact("i", "invoice.received", MONDAY, "invoice:bought", "purchase_order:1")
    store(database, [bill, fact("a", "invoice.received", MONDAY, "invoice:adrift", "supplier:1")])
    derive(database, clock, models)
    bought, adrift, later = ObjectRef("invoice", "bought"), ObjectRef("invoice", "adrift"), MONDAY + DAY
    journeys, families = Journeys(database, models), Families(database, [model.model for model in models])

    for ask in (journeys.journey, families.family):
        with pytest.raises(NotFoundError, match="no journey invoice:bought as of"):
            ask(bought, later)

    assert [str(root) for root in journeys.of_object(bought).roots] == ["invoice:bought", "purchase_order:1"]
    assert journeys.journey(bought, later, "leases").header.model == "leases"
    assert families.family(bought, later, "leases").model == "leases"
    assert journeys.journey(adrift, later).known_to == ("procure-to-pay", "leases")
    assert Journeys(database, models[1:]).journey(bought, later).header.model == "leases"
