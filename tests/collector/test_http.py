import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from collector.http import EVENTS_PATH, collector_app
from collector.senders import admit_anyone
from collector.service import Collector, Limits
from core.clickhouse import Database
from core.clock import ManualClock

HALF = [{"type": "http.request", "body": b"half", "more_body": True}]


async def conversation(collector: Collector, then: Callable[[], Awaitable[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Send half a body and go on with `then`; return what was answered."""
    coming, answered = list(HALF), []

    async def receive() -> dict[str, Any]:
        return coming.pop() if coming else await then()

    async def send(message: Any) -> None:
        answered.append(message)

    headers = [(b"content-type", b"application/cloudevents+json")]
    scope = {"type": "http", "method": "POST", "path": EVENTS_PATH, "headers": headers, "query_string": b""}
    await collector_app(collector, admit_anyone)(scope, receive, send)
    return answered


async def for_ever() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def hung_up_half_way(collector: Collector) -> list[dict[str, Any]]:
    """Return what was answered to nobody."""

    async def hang_up() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    return await conversation(collector, hang_up)


async def stopped_half_way(collector: Collector) -> list[dict[str, Any]]:
    """Return what was answered to a sender that sends nothing more."""
    return await conversation(collector, for_ever)


async def cancelled_while_waiting(collector: Collector) -> list[dict[str, Any]]:
    """Cancel the request as a server does that shuts down, and return what was answered."""
    waiting = asyncio.Event()

    async def wait() -> dict[str, Any]:
        waiting.set()
        return await for_ever()

    task = asyncio.create_task(conversation(collector, wait))
    await waiting.wait()
    task.cancel()
    return await task


@pytest.mark.database
def test_a_sender_that_hangs_when_the_collector_stops_is_told_to_send_again(collector: Collector) -> None:
    start, body = asyncio.run(cancelled_while_waiting(collector))

    assert start["status"] == 503
    assert b"send it again" in body["body"]
    assert collector.admission.in_flight == 0
    assert requests(collector) == {"unavailable": 1}


@pytest.mark.database
def test_a_sender_that_hangs_up_half_way_is_counted_and_lets_go_of_its_bytes(collector: Collector) -> None:
    asyncio.run(hung_up_half_way(collector))

    assert requests(collector) == {"hung_up": 1}
    assert collector.admission.in_flight == 0


@pytest.mark.database
def test_a_body_that_never_ends_is_given_up_and_counted(database: Database, clock: ManualClock) -> None:
    collector = Collector(database, clock, Limits(read_seconds=0.01))

    answered = asyncio.run(stopped_half_way(collector))

    assert answered[0]["status"] == 503
    assert (b"retry-after", b"2") in answered[0]["headers"]
    assert requests(collector) == {"slow": 1}
    assert collector.admission.in_flight == 0


def requests(collector: Collector) -> dict[str, float]:
    """The requests counted so far, by outcome."""
    samples = collector.metrics.requests.collect()[0].samples
    return {each.labels["outcome"]: each.value for each in samples if each.name.endswith("_total") and each.value}
