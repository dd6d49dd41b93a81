"""What the house builds, over one database."""

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import Registry
from core.settings import load_settings
from correlator.loading import load_models
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
