"""Which inserts a correlator has followed, so that a tick's work is what is new and not what is recent.

Each insert of facts has one time, `stored_at`, at which it began; what it stored is visible when it ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.clickhouse import INSERT_SECONDS

# An insert is given up after INSERT_SECONDS; half as much again for the engine to notice. Until then more of it may
# become visible than its touches told of, so each insert is followed when it is seen and once more when it is over.
OVER_AFTER = timedelta(seconds=1.5 * INSERT_SECONDS)
MICROSECOND = timedelta(microseconds=1)
MOST_NAMED = 4000  # a bound value reaches a listening store in at most 128 KiB


@dataclass(frozen=True)
class Touches:
    """Inserts by the microsecond they began at: how many touches were visible, and whether the insert was over."""

    inserts: Mapping[datetime, tuple[int, bool]] = field(default_factory=dict)

    @classmethod
    def found(cls, counts: Mapping[datetime, int], until: datetime) -> "Touches":
        """Return what is visible at `until`: touches by insert. What began later is left to the next run."""
        over = until - OVER_AFTER
        return cls({at: (count, at <= over) for at, count in counts.items() if at <= until})

    def beyond(self, followed: "Touches") -> tuple[datetime, ...]:
        """Return the inserts that are to be followed, in order, where `followed` already were."""
        return tuple(sorted(at for at, state in self.inserts.items() if followed.inserts.get(at) != state))


def before(inserts: Sequence[datetime]) -> datetime:
    """Return an instant right before the first of some inserts."""
    return inserts[0] - MICROSECOND


def named(inserts: Sequence[datetime]) -> list[datetime]:
    """Return the inserts as they are bound; none where they are too many, which stands for all of the window."""
    return list(inserts) if len(inserts) <= MOST_NAMED else []
