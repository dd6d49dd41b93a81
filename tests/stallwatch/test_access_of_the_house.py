"""The house as one: keys, registry and collector over one database, changed while it runs."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from support.asgi_client import AsgiClient
from support.otlp import cloudevent

from collector.errors import OverloadedError, UnauthenticatedError
from collector.http import collector_app
from collector.senders import Sender
from core.clickhouse import Database
from core.clock import ManualClock
from core.keys import KeyOrder
from core.registry import Facility, Integration, Registry
from core.settings import Settings, load_settings
from stallwatch.bootstrap import House

pytestmark = pytest.mark.database
CLOUDEVENT = {"content-type": "application/cloudevents+json"}
Make = Callable[..., House]


@pytest.fixture
def make(database: Database, clock: ManualClock) -> Iterator[Make]:
    """Make houses over one database: each stands for a process."""
    made = []

    def house(settings: Settings | None = None, registry: Registry | None = None) -> House:
        house = House(settings or load_settings(environment={}), clock, registry or Registry(), (), database)
        made.append(house)
        return house

    yield house
    for each in made:
        if "collector" in vars(each):
            each.collector.close()


def erp(**changes: Any) -> Integration:
    return Integration.model_validate({"name": "ERP", **changes})


def test_what_may_be_sent_changes_without_a_restart(make: Make, clock: ManualClock) -> None:
    house = make()
    assert house.collector.accept_cloudevents([cloudevent(id="1", source="erp")]).rejected == 0

    clock.advance(timedelta(seconds=1))
    house.integrations.put("erp", erp(allowed_event_types=["shipment.*"]), "ops")
    refused = house.collector.accept_cloudevents([cloudevent(id="2", source="erp")])
    clock.advance(timedelta(seconds=1))
    house.integrations.delete("erp", "ops")
    taken = house.collector.accept_cloudevents([cloudevent(id="3", source="erp")])

    assert (refused.rejected, taken.rejected) == (1, 0)


def test_a_change_in_one_process_reaches_another_with_its_next_refresh(make: Make) -> None:
    here, there = make(), make()
    issued = here.keys.create(KeyOrder("ERP", "ingest", "erp"), "ops")
    here.integrations.put("erp", erp(rate_limit="1/h"), "ops")

    there.refresh_access()
    assert there.access.admit(f"Bearer {issued.text}") == Sender(issued.key.key_id, "erp")
    with pytest.raises(OverloadedError):
        there.access.admit(f"Bearer {issued.text}")

    here.keys.revoke(issued.key.key_id, "ops")
    there.refresh_access()
    with pytest.raises(UnauthenticatedError, match="is revoked"):
        there.access.admit(f"Bearer {issued.text}")


def test_a_change_of_an_integration_derives_nothing_anew(make: Make) -> None:
    first = make(registry=Registry(integrations={"erp": erp()}))
    second = make(registry=Registry(integrations={"erp": erp(rate_limit="5/s", heartbeat="1h")}))
    third = make(registry=Registry(facilities={"depot": Facility(name="Depot")}))

    assert first.definitions == second.definitions != third.definitions


def test_over_http_no_key_is_told_or_logged_and_one_that_sends_too_much_leaves_room(make: Make) -> None:
    house = make(load_settings({"require_keys": "always", "max_in_flight_bytes_per_key": 1000}, environment={}))
    greedy, modest, reader = (
        house.keys.create(KeyOrder("sender", scope), "ops").text for scope in ("ingest", "ingest", "read")
    )
    client = AsgiClient(collector_app(house.collector, house.access.admit))
    wrong = f"{greedy[:-4]}beef"

    def status(text: str, number: int) -> int:
        answer = client.post(
            "/v1/events", json=cloudevent(id=str(number)), headers=CLOUDEVENT | {"authorization": f"Bearer {text}"}
        )
        told.append(f"{answer.text} {answer.headers}")
        return answer.status_code

    told: list[str] = []
    with structlog.testing.capture_logs() as logs:
        with house.collector.admission.hold(Sender(greedy.split("_")[1])) as hold:
            hold.grow(900)
            while_busy = [status(text, number) for number, text in enumerate((greedy, modest, wrong, reader))]
        afterwards = status(greedy, 9)

    assert (while_busy, afterwards) == ([429, 200, 401, 403], 200)
    assert "more than 1000 bytes of your key wait" in told[0]
    assert house.collector.admission.in_flight == 0
    for text in (greedy, modest, wrong, reader):
        assert text.rpartition("_")[2] not in str(told) + str(logs)


def test_a_command_leaves_the_policy_of_those_that_serve_in_force_on_the_store_of_a_server(
    database: Database, clock: ManualClock
) -> None:
    given = load_settings(environment={}), clock, Registry(), (), database

    assert House(*given, serving=False).publisher.gives_way is not database.embedded
    assert not House(*given, serving=True).publisher.gives_way
