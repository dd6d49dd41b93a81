"""One round of chaos: senders send, things break, everything is repaired, and the accounts are read."""

import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from support.chaos_ledger import standing, wrong_in_the_answers, wrong_in_the_store
from support.chaos_proxy import CALM, ChaosProxy, Weather
from support.chaos_senders import Senders
from support.chaos_traffic import traffic
from support.clickhouse_node import ClickHouseNode

from core.clickhouse import Database

PROCESS = Path(__file__).with_name("chaos_collector.py")
ROOT = PROCESS.parents[2]
ENVIRONMENT = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
REQUESTS = 50
READY_SECONDS = 60
READY = "READY"  # as `chaos_collector` says it
TRIES = 3
LONGEST_SECONDS = 300  # for senders to get their answers once all is repaired: a watchdog, no measurement
STORMS = (CALM, Weather(swallow=0.1), Weather(cut=0.05, swallow=0.05), Weather(delay=0.5), Weather(0.05, 0.05, 0.2))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class CollectorProcess:
    """A collector over `dsn` on ports that it keeps; killed and started as told."""

    def __init__(self, dsn: str, log: Path) -> None:
        self.dsn, self._log = dsn, log
        self.port, self.rpc_port = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def listening(cls, dsn: str, log: Path) -> Self:
        """Start one on free ports, and on others where somebody took those before it could."""
        for _ in range(TRIES):
            collector = cls(dsn, log)
            try:
                collector.ready()
            except RuntimeError as error:
                collector.kill()
                if "in use" not in str(error) and "bind" not in str(error):
                    raise
            else:
                return collector
        message = f"no free port in {TRIES} tries"
        raise RuntimeError(message)

    def start(self) -> None:
        """Start; it is not yet ready on return, and may wait for its store."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(PROCESS), "serve", self.dsn, str(self.port), str(self.rpc_port)],
                env=ENVIRONMENT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        """Return what the process printed since it was started last."""
        return self._log.read_text(errors="replace")

    def ready(self) -> None:
        """Start it if it is stopped, and wait until it listens. Raises RuntimeError with what it said."""
        if self._process is None:
            self.start()
        for _ in range(READY_SECONDS * 20):
            if READY in self.said().split() and self.ended() is None:
                return
            if self.ended() is not None:
                break
            time.sleep(0.05)
        message = f"the collector does not listen (exit {self.ended()}): {self.said()[-2000:]}"
        raise RuntimeError(message)

    def ended(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self._process.poll() if self._process is not None else None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End in good order, so that another may open an embedded store."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def count(self, name: str) -> dict[str, Any]:
        answer = subprocess.run(
            [sys.executable, str(PROCESS), "count", self.dsn, name],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=True,
        )
        counted: dict[str, Any] = json.loads(answer.stdout)
        return counted


@dataclass
class Stage:
    """Everything there is, over rounds: a store (None where it is inside the collector), a collector, proxies before each."""

    collector: CollectorProcess
    http: ChaosProxy
    rpc: ChaosProxy
    node: ClickHouseNode | None = None
    before_store: ChaosProxy | None = None
    totals: Counter[str] = field(default_factory=Counter)

    @property
    def proxies(self) -> list[ChaosProxy]:
        return [self.http, self.rpc, *([self.before_store] if self.before_store else [])]

    def close(self) -> None:
        self.collector.kill()
        for proxy in self.proxies:
            proxy.stop()
        if self.node is not None:
            self.node.kill()


def embedded_stage(directory: Path, seed: int) -> Stage:
    """A collector with its store inside: a kill takes both."""
    return _before(CollectorProcess.listening(f"chdb://{directory}/db", directory / "collector.log"), seed)


def listening_stage(directory: Path, seed: int) -> Stage:
    """A collector and its store, in processes of their own."""
    node = ClickHouseNode(directory)
    node.start()
    before_store = _proxy(node.http_port, seed)
    collector = CollectorProcess.listening(
        node.dsn.replace(str(node.http_port), str(before_store.port)), directory / "collector.log"
    )
    stage = _before(collector, seed)
    stage.node, stage.before_store = node, before_store
    return stage


def _before(collector: CollectorProcess, seed: int) -> Stage:
    return Stage(collector, _proxy(collector.port, seed + 1), _proxy(collector.rpc_port, seed + 2))


def _proxy(target: int, seed: int) -> ChaosProxy:
    proxy = ChaosProxy(target, seed)
    proxy.start()
    return proxy


class Round:
    """One round by number: the same seed and number make the same traffic and the same plan of what breaks."""

    def __init__(self, stage: Stage, seed: int, number: int) -> None:
        self.stage = stage
        self.log: list[str] = []
        self._chance = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable, not secret
        self._sent = traffic(f"round{seed}x{number}", self._chance, REQUESTS)
        self._senders = Senders(stage.http.port, stage.rpc.port)
        self._most_breakages = min(number + 1, 3)
        self._began = time.monotonic()

    def play(self) -> list[str]:
        """Return what is wrong at the end; [] is what must be."""
        self.stage.collector.ready()
        self._senders.start(self._sent.deliveries)
        breakages = [
            self._kill_collector,
            *([self._kill_store, self._hang_store, self._kill_both] if self.stage.node else []),
        ]
        plan = self._chance.choices(breakages, k=self._chance.randint(1, self._most_breakages))
        for place, breakage in enumerate(plan):
            self._weather()
            self._wait_for(len(self._sent.deliveries) * (place + 1) // (len(plan) + 2))
            breakage()
        self._calm()
        finished = self._senders.finish(LONGEST_SECONDS)
        self._note(f"answers {len(self._senders.answers)}, failed sendings {dict(Counter(self._senders.failures))}")
        return (
            self._accounts()
            if finished
            else [
                f"not all was answered: {len(self._senders.answers)} of {len(self._sent.deliveries)}",
                f"the collector (exit {self.stage.collector.ended()}) said: {self.stage.collector.said()[-2000:]}",
            ]
        )

    def _accounts(self) -> list[str]:
        stands = self._standing()
        self._note("counted")
        self._add_up(stands)
        return wrong_in_the_answers(self._senders.answers) + wrong_in_the_store(self._sent, stands)

    def _standing(self) -> dict[str, Any]:
        if self.stage.node is not None:
            database = Database.open(self.stage.node.dsn)
            try:
                return standing(database, self._sent.name)
            finally:
                database.close()
        self.stage.collector.stop()
        return self.stage.collector.count(self._sent.name)

    def _add_up(self, stands: dict[str, Any]) -> None:
        kinds = ("logs", "traces", "cloudevents")
        self.stage.totals.update(
            {
                "rounds": 1,
                "requests": len(self._sent.deliveries),
                "copies of requests": self._sent.copies,
                "failed sendings": len(self._senders.failures),
                "records sent": len(self._sent.records),
                "stored": len(stands["events"]) + len(stands["states"]) + len(stands["spans"]),
                "quarantined": len({marker for marker, _, _ in stands["quarantined"]}),
                "refused": len(list(self._sent.of(*kinds, malformed=True))),
                "rows stored again before merges": int(stands["stored_again"]),
            }
        )
        self.stage.totals.update(f"reason {reason}" for _, reason in {(m, r) for m, r, _ in stands["quarantined"]})

    def _wait_for(self, answers: int) -> None:
        while len(self._senders.answers) < answers and time.monotonic() < self._began + LONGEST_SECONDS:
            time.sleep(0.005)
        time.sleep(self._chance.random() * 0.15)  # anywhere in the work on the next batch

    def _kill_collector(self) -> None:
        self._happens("collector kills")
        self.stage.collector.kill()
        time.sleep(self._chance.random() * 0.3)
        self.stage.collector.start()

    def _kill_store(self) -> None:
        self._happens("store kills")
        self.stage.node.kill()
        time.sleep(self._chance.random() * 1.5)
        self.stage.node.start()

    def _hang_store(self) -> None:
        self._happens("store hangs")
        self.stage.node.pause()
        time.sleep(self._chance.random() * 2 + 0.2)
        self.stage.node.resume()

    def _kill_both(self) -> None:
        self._happens("kills of both")
        self.stage.collector.kill()
        self.stage.node.kill()
        self.stage.collector.start()
        self.stage.node.start()

    def _weather(self) -> None:
        for proxy in self.stage.proxies:
            proxy.weather = self._chance.choice(STORMS)
            self._note(f"weather {proxy.weather}")

    def _calm(self) -> None:
        for proxy in self.stage.proxies:
            proxy.weather = CALM
        self._note("calm")

    def _happens(self, what: str) -> None:
        self.stage.totals[what] += 1
        self._note(what)

    def _note(self, what: str) -> None:
        self.log.append(f"{time.monotonic() - self._began:6.2f}s {len(self._senders.answers):4} answered: {what}")
