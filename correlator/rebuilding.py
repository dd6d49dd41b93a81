"""Rebuilds that somebody asked for while everything runs: noted at once, done in the background, one at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Literal

from core.clock import Clock
from core.errors import NotFoundError, StallwatchError
from core.logs import get_logger
from correlator.tick import RunReport

RebuildState = Literal["asked", "running", "done", "failed"]
UNDER_WAY: tuple[RebuildState, ...] = ("asked", "running")


@dataclass(frozen=True)
class Rebuild:
    """The newest rebuild of a model that was asked for here. `by`: who asked. `roots`: journeys that it derived."""

    model: str
    state: RebuildState
    by: str
    asked_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    roots: int | None = None
    problem: str = ""


@dataclass
class Rebuilds:
    """What was asked for, in this process. What dies with it has to be asked for again, unless its switch-over began.

    `rebuilders`: what rebuilds each model, by its name.
    """

    rebuilders: Callable[[], Mapping[str, Callable[[], RunReport]]]
    clock: Clock
    _known: dict[str, Rebuild] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    def ask(self, model: str, by: str) -> Rebuild:
        """Note that a model is to be rebuilt; one that waits or runs already is not asked for twice.

        Raises NotFoundError for a model that is not configured.
        """
        self._rebuilder(model)
        with self._guard:
            known = self._known.get(model)
            if known is None or known.state not in UNDER_WAY:
                known = self._known[model] = Rebuild(model, "asked", by, self.clock.now())
            return known

    def of(self, model: str) -> Rebuild | None:
        """Return the newest rebuild of a model that was asked for since this process began."""
        return self._known.get(model)

    def run_next(self) -> bool:
        """Do the rebuild that was asked for first; return whether there was one."""
        with self._guard:
            waiting = [each for each in self._known.values() if each.state == "asked"]
        if not waiting:
            return False
        self._run(min(waiting, key=lambda each: (each.asked_at, each.model)))
        return True

    def _run(self, asked: Rebuild) -> None:
        running = self._note(replace(asked, state="running", began_at=self.clock.now()))
        get_logger("correlator").info("rebuild begins", model=asked.model, by=asked.by)
        try:
            report = self._rebuilder(asked.model)()
        except Exception as error:
            problem = str(error) if isinstance(error, StallwatchError) else type(error).__name__
            self._note(replace(running, state="failed", ended_at=self.clock.now(), problem=problem))
            raise
        self._note(replace(running, state="done", ended_at=self.clock.now(), roots=report.roots))
        get_logger("correlator").info("rebuild ended", model=asked.model, roots=report.roots)

    def _note(self, rebuild: Rebuild) -> Rebuild:
        with self._guard:
            self._known[rebuild.model] = rebuild
        return rebuild

    def _rebuilder(self, model: str) -> Callable[[], RunReport]:
        if found := self.rebuilders().get(model):
            return found
        message = f"there is no model {model!r} to rebuild: none of this name is configured"
        raise NotFoundError(message)
