"""The jobs that run by themselves. The one module that touches APScheduler, which has no types."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from core.errors import StallwatchError
from core.logs import get_logger

Job = Callable[[], object]


class Scheduler:
    """Runs each job in a thread, never twice at once; a job that failed is logged and comes again.

    A job that takes longer than its interval runs again at once: what came meanwhile does not wait for the next.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` returns seconds that never go back."""
        self._monotonic = monotonic
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that takes longer than its pause is no news
        self._stopping = threading.Event()
        # A tick that was missed is made up by the next: one late run instead of many (`coalesce`), however late.
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

    def every(self, interval: timedelta, name: str, job: Job) -> None:
        """Run `job` each `interval`."""
        seconds, guarded = interval.total_seconds(), _guarded(name, job)

        def run() -> None:
            repeat(guarded, seconds, self._stopping.is_set, self._monotonic)

        self._scheduler.add_job(run, "interval", seconds=seconds, id=name)

    def start(self) -> bool:
        """Start running jobs, once: what was stopped stays so, as APScheduler's threads do."""
        self._scheduler.start()
        return True

    def stop(self) -> None:
        """Wait for the running jobs, and run none anymore."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def repeat(
    job: Callable[[], bool], seconds: float, is_stopping: Callable[[], bool], monotonic: Callable[[], float]
) -> None:
    """Run a job, and again for as long as it succeeds and takes longer than `seconds`."""
    is_late = True
    while is_late and not is_stopping():
        started = monotonic()
        is_late = job() and monotonic() - started > seconds


def _guarded(name: str, job: Job) -> Callable[[], bool]:
    def run() -> bool:
        try:
            job()
        except StallwatchError as error:
            get_logger("stallwatch").warning("job failed; it will run again", job=name, error=str(error))
        except Exception:  # noqa: BLE001 - a defect in one job must not end the others; it is logged whole
            get_logger("stallwatch").exception("job failed; it will run again", job=name)
        else:
            return True
        return False

    return run
