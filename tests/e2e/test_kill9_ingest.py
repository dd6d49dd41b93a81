"""Everything acknowledged is there, once, although the process is killed in the middle of ingest and started again."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.otlp import event, logs, span, traces

ROOT = Path(__file__).parents[2]
PROCESS = ROOT / "tests" / "support" / "collector_process.py"
PROTOBUF = {"content-type": "application/x-protobuf"}
SENDERS, REQUESTS = 4, 25

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]


class RunningCollector:
    """One life of the collector over `directory`."""

    def __init__(self, directory: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(PROCESS), "serve", str(directory / "db")],
            cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def end(self, *, kill: bool) -> None:
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait(60)
        self.process.stdout.close()


class Sender:
    """Sends its requests in order, and each again until it is acknowledged; an outage only makes it wait."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.acknowledged: list[str] = []
        self.failures = 0

    def bodies(self, request: int) -> Iterator[tuple[str, bytes]]:
        name = f"{self.number}-{request}"
        yield "/v1/logs", logs(event(subject=f"invoice:{name}", event_id=name), event("", f"invoice:{name}"))
        yield "/v1/traces", traces(span(1000 * self.number + request + 1))

    def send(self, url: list[str], one_acknowledged: threading.Semaphore, stop: threading.Event) -> None:
        with httpx.Client(timeout=30) as client:
            for request in range(REQUESTS):
                for path, body in self.bodies(request):
                    while not self._sent(client, url[0] + path, body):
                        self.failures += 1
                        if stop.wait(0.05):
                            return
                self.acknowledged.append(f"{self.number}-{request}")
                one_acknowledged.release()

    def _sent(self, client: httpx.Client, url: str, body: bytes) -> bool:
        try:
            return client.post(url, content=body, headers=PROTOBUF).status_code == 200
        except httpx.TransportError:
            return False


def standing(directory: Path) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, str(PROCESS), "count", str(directory / "db")],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def test_what_was_acknowledged_before_and_after_a_kill_is_there_once(tmp_path: Path) -> None:
    senders = [Sender(number) for number in range(SENDERS)]
    acknowledged, stop = threading.Semaphore(0), threading.Event()
    running = RunningCollector(tmp_path)
    url = [running.url]
    threads = [threading.Thread(target=sender.send, args=(url, acknowledged, stop)) for sender in senders]
    try:
        for thread in threads:
            thread.start()
        for _ in range(SENDERS * REQUESTS // 4):
            assert acknowledged.acquire(timeout=60)
        running.end(kill=True)
        before = {name for sender in senders for name in list(sender.acknowledged)}
        after_the_kill = standing(tmp_path)
        running = RunningCollector(tmp_path)
        url[0] = running.url
        for thread in threads:
            thread.join(90)
    finally:
        stop.set()
        running.end(kill=False)

    everything = {f"{sender}-{request}" for sender in range(SENDERS) for request in range(REQUESTS)}
    at_the_end = standing(tmp_path)
    assert before
    assert before <= set(after_the_kill["events"])
    assert sum(sender.failures for sender in senders) > 0
    assert {name for sender in senders for name in sender.acknowledged} == everything
    assert set(at_the_end["events"]) == everything
    assert at_the_end["distinct_events"] == at_the_end["final_events"] == len(everything)
    assert at_the_end["final_spans"] == at_the_end["quarantined"] == len(everything)
