"""Whether those whom an objective waits for are heard: silence is not health, and what nobody could tell is not bad."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.clickhouse import Database
from core.sql import sql

Hearing = Literal["heard", "silent", "never_seen", "unwatched"]


@dataclass(frozen=True)
class Awaited:
    """An integration that should tell the end of promises, and whether it is heard as of an instant.

    `hearing`: heard; silent (nothing for longer than its heartbeat: `last_heard` says since when); never_seen
    (expected, nothing ever); unwatched (no heartbeat is expected of it, so its silence cannot be told).
    """

    integration: str
    name: str
    hearing: Hearing
    last_heard: datetime | None

    @property
    def is_lost(self) -> bool:
        """Whether what it should tell would not be known."""
        return self.hearing in {"silent", "never_seen"}

    def hides(self, due_at: datetime) -> bool:
        """Whether the end of a promise that fell due then may have happened untold: it fell silent before."""
        return self.is_lost and (self.last_heard is None or self.last_heard < due_at)


@dataclass(frozen=True)
class Coverage:
    """All whom an objective waits for, in order of their keys. Models may name nobody: then there is no one to miss."""

    awaited: tuple[Awaited, ...] = ()

    @property
    def lost(self) -> tuple[Awaited, ...]:
        """Those who are silent or were never seen."""
        return tuple(each for each in self.awaited if each.is_lost)

    @property
    def heard(self) -> int:
        """How many are not known to be silent."""
        return len(self.awaited) - len(self.lost)

    @property
    def silent_since(self) -> datetime | None:
        """When the first of those who are silent was last heard; None where nobody is, or they never were."""
        return min((each.last_heard for each in self.lost if each.last_heard), default=None)

    @property
    def is_frozen(self) -> bool:
        """Whether nobody is heard of all whom it waits for: then its figures tell of the past alone."""
        return bool(self.awaited) and not self.heard

    def of(self, integrations: Collection[str]) -> "Coverage":
        """Return the coverage of some of them."""
        return Coverage(tuple(each for each in self.awaited if each.integration in integrations))


@dataclass(frozen=True)
class Coverages:
    """Who was heard, over a database."""

    database: Database

    def of(self, integrations: Iterable[str], as_of: datetime) -> Coverage:
        """Return the coverage of integrations as of an instant; '' names nobody."""
        named = sorted({*integrations} - {""})
        if not named:
            return Coverage()
        rows = self.database.rows(sql("slo", "awaited_heard"), awaited=named, as_of=as_of)
        return Coverage(tuple(_awaited(row, as_of) for row in sorted(rows, key=lambda row: row["integration"])))


def _awaited(row: Mapping[str, object], as_of: datetime) -> Awaited:
    key, name, heard_at = str(row["integration"]), str(row["name"]), row["heard_at"]
    last_heard = heard_at if isinstance(heard_at, datetime) else None
    heartbeat = timedelta(seconds=int(str(row["heartbeat"])))
    return Awaited(key, name or key, hearing(heartbeat, last_heard, as_of), last_heard)


def hearing(heartbeat: timedelta, last_heard: datetime | None, as_of: datetime) -> Hearing:
    """Return whether an integration is heard. A silence exactly as long as its heartbeat is still normal."""
    if not heartbeat:
        return "unwatched"
    if last_heard is None:
        return "never_seen"
    return "silent" if as_of - last_heard > heartbeat else "heard"
