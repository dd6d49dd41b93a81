"""The jobs that run by themselves. The one module that touches APScheduler, which has no types."""

import logging
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from core.errors import StallwatchError
from core.logs import get_logger

Job = Callable[[], object]


class Scheduler:
    """Runs each job in a thread, never twice at once; a job that failed is logged and comes again."""

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that takes longer than its pause is no news
        # A tick that was missed is made up by the next: one late run instead of many (`coalesce`), however late.
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

    def every(self, interval: timedelta, name: str, job: Job) -> None:
        """Run `job` each `interval`."""
        self._scheduler.add_job(_guarded(name, job), "interval", seconds=interval.total_seconds(), id=name)

    def start(self) -> bool:
        """Start running jobs."""
        self._scheduler.start()
        return True

    def stop(self) -> None:
        """Wait for the running jobs, and run none anymore."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _guarded(name: str, job: Job) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except StallwatchError as error:
            get_logger("stallwatch").warning("job failed; it will run again", job=name, error=str(error))
        except Exception:  # noqa: BLE001 - a defect in one job must not end the others; it is logged whole
            get_logger("stallwatch").exception("job failed; it will run again", job=name)

    return run
