"""The whole room against a real receiver over HTTP, every step taken by a newly built service."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook
from support.alerting import DUE, Group, Pager, PowerCutError, TheseStalls, finished_run
from support.webhook_receiver import WebhookReceiver

from alerts.outbox import LEASE
from alerts.ports import Message
from alerts.service import AlertService
from core.clickhouse import Database
from core.clock import ManualClock, SystemClock
from core.settings import Settings

pytestmark = [pytest.mark.database, pytest.mark.process, pytest.mark.enable_socket]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class House:
    """The alerts room of one installation; `service` is a new process each time it is asked for."""

    def __init__(self, database: Database, receiver: WebhookReceiver) -> None:
        self.database, self.receiver = database, receiver
        # The receiver's library compares the signed timestamp with the clock of the machine.
        self.clock, self.stalls = ManualClock(SystemClock().now()), TheseStalls([Group()])
        values = {"webhook_url": receiver.url, "webhook_secret": SECRET, "public_url": "https://stalls.example"}
        self.settings = Settings.model_validate(values)
        self.started: list[AlertService] = []
        finished_run(database, self.clock.now())

    @property
    def service(self) -> AlertService:
        service = AlertService.from_settings(self.database, self.stalls, self.clock, self.settings)
        self.started.append(service)
        return service

    def pass_time(self, *minutes: float) -> None:
        for pause in minutes:
            self.clock.advance(timedelta(minutes=pause))
            self.service.tick()
            while self.service.deliver():
                pass

    @property
    def ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in self.receiver.received]


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    with WebhookReceiver() as receiver:
        house = House(database, receiver)
        yield house
        for service in house.started:
            service.close()


def test_one_firing_and_one_resolved_arrive_verified_and_restarts_repeat_nothing(house: House) -> None:
    house.pass_time(0, 1, 1, 0, 0)
    firing = Webhook(SECRET).verify(house.receiver.received[0].body, house.receiver.received[0].headers)
    house.stalls.standing = []
    house.pass_time(1, 5, 1, 1)

    resolved = json.loads(house.receiver.received[1].body)
    assert len(house.ids) == len(set(house.ids)) == 2
    assert (firing["status"], resolved["status"]) == ("firing", "resolved")
    assert firing["id"] == resolved["id"]
    assert firing["ends_at"] is None
    assert resolved["starts_at"] == firing["starts_at"] < resolved["ends_at"]


def test_a_notification_says_what_where_how_much_since_when_why_and_whose_move(house: House) -> None:
    house.pass_time(0, 2)

    said = json.loads(house.receiver.received[0].body)

    started = said.pop("starts_at")
    assert said.pop("id") + "-firing-webhook" == house.ids[0]
    assert started == house.clock.now().isoformat()
    assert said == {
        "status": "firing",
        "rule": "stalled-handoffs",
        "title": "Stalled handoffs: inventory adapter fails: HTTP 503",
        "severity": "ticket",
        "summary": "143 stalled in invoice_to_match at mercy-west; USD 1,200,000.50; past due since 2026-03-04 10:10 UTC; "
        "because: inventory adapter fails: HTTP 503; next move: Accounts payable",
        "cause": {
            "code": "integration_failure",
            "summary": "inventory adapter fails: HTTP 503",
            "trace_id": "0af7651916cd43dd8448eb211c80319c",
        },
        "count": 143,
        "amounts": {"USD": "1200000.50"},
        "facilities": ["mercy-west"],
        "criticalities": ["standard"],
        "handoffs": ["invoice_to_match"],
        "since": DUE.isoformat(),
        "owner": "Accounts payable",
        "url": "https://stalls.example/?cause=integration_failure%3Ainventory",
        "ends_at": None,
    }


def test_a_power_cut_between_the_answer_and_the_record_repeats_the_same_id(house: House) -> None:
    house.service.tick()
    house.clock.advance(timedelta(minutes=2))
    house.service.tick()
    service = house.service
    webhook = service.channels["webhook"]

    class DiesAfterSending(Pager):
        def send(self, message: Message) -> None:
            webhook.send(message)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        replace(service, channels={"webhook": DiesAfterSending()}).deliver()
    house.clock.advance(LEASE)
    house.pass_time(0, 0, 10)

    assert len(house.ids) == 2
    assert len(set(house.ids)) == 1
    assert house.receiver.received[0].body == house.receiver.received[1].body


def test_a_receiver_that_is_down_gets_it_when_it_is_back_as_soon_as_it_asked_to(house: House) -> None:
    house.receiver.answers = [(503, {}), (429, {"retry-after": "120"})]

    house.pass_time(0, 2)
    house.pass_time(1, 1)
    assert len(house.ids) == 2
    house.pass_time(1, 1)

    assert len(house.ids) == 3
    assert len(set(house.ids)) == 1
