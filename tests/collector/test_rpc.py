import asyncio

import pytest

from collector.rpc import _unless
from core.errors import StoreUnavailableError


async def outcome(*, over: bool = False, done: bool = False, seconds: float | None = None) -> str:
    """What comes of work that is `done` or never will be, where all is `over` or never will be."""
    loop = asyncio.get_running_loop()
    end, work = loop.create_future(), loop.create_future()
    if over:
        end.set_result(None)
    if done:
        work.set_result("stored")
    try:
        return await _unless(end, work, seconds)
    except StoreUnavailableError as error:
        assert work.cancelled()
        return str(error)


def test_what_is_stored_is_answered_even_while_all_stops() -> None:
    assert asyncio.run(outcome(done=True)) == "stored"
    assert asyncio.run(outcome(done=True, over=True)) == "stored"


def test_who_waits_while_all_stops_is_told_to_send_again() -> None:
    assert "shutting down; send this again" in asyncio.run(outcome(over=True))


def test_a_message_that_does_not_arrive_in_time_loses_its_place() -> None:
    assert "did not arrive within 0.01 s; send it again" in asyncio.run(outcome(seconds=0.01))


def test_a_caller_who_leaves_takes_the_work_along() -> None:
    async def leave() -> bool:
        loop = asyncio.get_running_loop()
        work: asyncio.Future[str] = loop.create_future()
        waiting = asyncio.create_task(_unless(loop.create_future(), work, None))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return work.cancelled()

    assert asyncio.run(leave())
