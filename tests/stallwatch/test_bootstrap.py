"""What the house builds, over one database."""

import pytest
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.migrations import migrate, migrations
from core.registry import Facility, Registry
from core.settings import load_settings
from correlator.loading import load_models
from correlator.naming_views import publish_names
from correlator.own_names import own_names
from stallwatch.bootstrap import House


@pytest.mark.database
@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:43210"),
        ("0.0.0.0", "http://127.0.0.1:43210"),  # noqa: S104 - nothing listens in this test
        ("::", "http://[::1]:43210"),
    ],
)
def test_the_first_page_names_an_address_that_can_be_sent_to(
    database: Database, clock: ManualClock, host: str, url: str
) -> None:
    settings = load_settings({"host": host, "otlp_port": 0}, environment={})
    house = House(settings, clock, Registry(), load_models(settings.models), database)
    try:
        assert house.services_beside(43210).settings.collector_url == url
    finally:
        house.collector.close()


@pytest.mark.database
@pytest.mark.parametrize("serving", [True, False])
def test_who_upgrades_a_store_reads_its_facts_under_their_own_names(
    empty_database: Database, clock: ManualClock, *, serving: bool
) -> None:
    before_the_views_were_made_anew = [step for step in migrations() if step.number < 60]
    registry = Registry(facilities={"mercy-east": Facility(name="Mercy East", aliases=("MH-01",))})
    settings = load_settings(environment={})
    models = load_models(settings.models)
    migrate(empty_database, clock, before_the_views_were_made_anew)
    publish_names(empty_database, own_names(models, registry))
    store(empty_database, [fact("e1", "purchase_order.created", MONDAY, "purchase_order:1", facility="MH-01")])

    House(settings, clock, registry, models, empty_database, serving=serving).upgrade()

    for view in ("current_events", "current_event_objects"):
        assert empty_database.rows(f"SELECT toString(facility) AS facility FROM {view}") == [{"facility": "mercy-east"}]
