"""The demo: the main job from end to end on a simulated hospital network, over real OTLP."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from core.clock import Clock, ManualClock
from core.errors import StallwatchError
from core.filters import Filters
from core.keys import KeyOrder
from core.settings import Settings
from core.sql import sql
from stallwatch.bootstrap import House, open_house
from stallwatch.commands.shared import progress_bar
from stallwatch.server import Addresses, serve
from stallwatch.simulator import Simulation, load_network, simulate
from stallwatch.simulator.delivery import LiveTraffic, send

# Alerts fire after a rule's `for`; judging the recent past first shows what a running system would already have said.
JUDGED_BACK = timedelta(minutes=10)


class StoppedError(StallwatchError):
    """The demo was told to stop while it was still loading."""


@dataclass(frozen=True)
class HandoffCounts:
    """Handoff instances by state."""

    open: int
    closed: int
    cancelled: int


@dataclass(frozen=True)
class Outcome:
    """What the main job came to. `seconds` is from start to answer."""

    events: int
    spans: int
    journeys: int
    handoffs: HandoffCounts
    stalls: int
    stall_groups: int
    alerts_firing: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.events:,} events and {self.spans:,} spans became {self.journeys:,} journeys; of their handoffs "
            f"{self.handoffs.open:,} are open, {self.handoffs.closed:,} closed, {self.handoffs.cancelled:,} cancelled. "
            f"{self.stalls:,} are stalled, for {self.stall_groups:,} causes; {self.alerts_firing:,} alerts fire. "
            f"It took {self.seconds:.1f} s."
        )


@dataclass(frozen=True)
class DemoKeys:
    """Keys for a demo that others can reach; '' where it is on loopback. They end with it."""

    send: str = field(default="", repr=False)
    look: str = field(default="", repr=False)

    @classmethod
    def made(cls, house: House) -> "DemoKeys":
        """Make one to send and one to look."""
        orders = KeyOrder("demo: traffic", "ingest"), KeyOrder("demo: console", "read")
        return cls(*(house.keys.create(order, "demo").text for order in orders))

    def __str__(self) -> str:
        return f"\nKey to look (any user, this password):  {self.look}" if self.look else ""

    def end(self, house: House) -> None:
        """Revoke them."""
        for text in filter(None, (self.send, self.look)):
            if key := house.keys.identify(text):
                house.keys.revoke(key.key_id, "demo")


def run_demo(
    settings_for: Callable[[Path], Settings],
    *,
    data_dir: Path | None,
    clock: Clock,
    seed: int,
    journeys: int,
    once: bool,
    quiet: bool,
) -> Outcome | None:
    """Run the demo until stopped, or `once`; return its outcome. Without `data_dir` nothing is left behind."""
    started = time.perf_counter()
    outcome: Outcome | None = None
    with (
        _directory(data_dir) as directory,
        open_house(settings_for(directory), clock, registry=load_network(), serving=True) as house,
        _prepared(house) as keys,
    ):
        simulate_month = partial(simulate, load_network(), seed, journeys=journeys)
        live: LiveTraffic | None = None

        def ready(addresses: Addresses, asked_to_stop: threading.Event) -> bool:
            nonlocal outcome, live
            simulation = _load(house, addresses, asked_to_stop, simulate_month, keys.send, quiet=quiet)
            outcome = _outcome(house, time.perf_counter() - started)
            if once:
                return False
            typer.echo(f"{outcome}\n\n{addresses}{keys}")
            typer.echo("Live traffic goes on; stop with Ctrl-C.")
            if simulation is not None:
                live = LiveTraffic(simulation, addresses.collector, clock, key=keys.send)
                live.start()
            return True

        try:
            serve(house, ready=ready)
        finally:
            if live is not None:
                live.stop()
    return outcome


@contextmanager
def _prepared(house: House) -> Iterator[DemoKeys]:
    house.prepare()
    keys = DemoKeys.made(house) if house.settings.keys_required else DemoKeys()
    try:
        yield keys
    finally:
        keys.end(house)


@contextmanager
def _directory(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with TemporaryDirectory(prefix="stallwatch-demo-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def _load(
    house: House,
    addresses: Addresses,
    asked_to_stop: threading.Event,
    simulate_month: Callable[[datetime], Simulation],
    key: str,
    *,
    quiet: bool,
) -> Simulation | None:
    """Send a month of history and derive it; a directory that already holds facts is shown as it is."""
    simulation = None
    if house.journeys.progress().events == 0:
        simulation = simulate_month(house.clock.now())
        with progress_bar("Sending a month of history", hidden=quiet) as show:

            def progress(done: int, total: int) -> None:
                if asked_to_stop.is_set():
                    raise StoppedError
                show(done, total)

            send(simulation, addresses.collector, progress=progress, sleep=asked_to_stop.wait, key=key)
    house.tick()
    now = house.clock.now()
    for at in (now - JUDGED_BACK, now):
        house.alerts(ManualClock(at)).tick()
    return simulation


def _outcome(house: House, seconds: float) -> Outcome:
    now = house.clock.now()
    stored = house.database.rows(sql("stallwatch", "stored_facts"))[0]
    totals = house.journeys.totals(now)
    groups = house.stalls.groups(Filters(as_of=now))
    firing = [alert for alert in house.alert_store.active(now) if alert.state == "firing"]
    return Outcome(
        events=stored["events"],
        spans=stored["spans"],
        journeys=totals.journeys,
        handoffs=HandoffCounts(totals.open, totals.closed, totals.cancelled),
        stalls=sum(group.count for group in groups),
        stall_groups=len(groups),
        alerts_firing=len(firing),
        seconds=round(seconds, 1),
    )
