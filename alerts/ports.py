"""What this room needs from others: groups of stalls and findings of data quality to judge, and a way to deliver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.filters import Filters


class StallGroup(Protocol):
    """Stalls that share a cause; `correlator.stalls.StallGroup` is one. Amounts are by currency."""

    @property
    def signature(self) -> str:
        """What makes two stalls the same problem; stable over time."""

    @property
    def code(self) -> str:
        """The cause code."""

    @property
    def summary(self) -> str:
        """The cause in words."""

    @property
    def handoffs(self) -> tuple[str, ...]:
        """The handoffs that are stalled."""

    @property
    def count(self) -> int:
        """How many stalls."""

    @property
    def amounts(self) -> Mapping[str, Decimal]:
        """The money in them, by currency."""

    @property
    def facilities(self) -> tuple[str, ...]:
        """Where."""

    @property
    def criticalities(self) -> tuple[str, ...]:
        """How critical what is in them is."""

    @property
    def since(self) -> datetime:
        """The oldest `due_at`, in UTC."""

    @property
    def owner(self) -> str:
        """Whose move it is."""

    @property
    def trace_id(self) -> str | None:
        """A trace that shows the cause, in lower-case hexadecimal."""


class Stalls(Protocol):
    """Where stalls come from; `correlator.stalls.Stalls` is one."""

    def groups(self, filters: Filters) -> Sequence[StallGroup]:
        """Return the stalls open at `filters.as_of`, by cause signature. Raises StallwatchError if it cannot tell."""


class QualityFinding(Protocol):
    """One kind of finding at one integration; `correlator.findings.Finding` is one."""

    @property
    def kind(self) -> str:
        """The kind's key."""

    @property
    def title(self) -> str:
        """The kind in words."""

    @property
    def integration(self) -> str:
        """Whose events they are."""

    @property
    def suspected(self) -> bool:
        """Whether it is told from many events together, and certain of none."""

    @property
    def found(self) -> int:
        """How many."""

    @property
    def checked(self) -> int:
        """Of how many; 0: not counted."""

    @property
    def summary(self) -> str:
        """What it rests on."""


class Quality(Protocol):
    """Where findings of data quality come from; `correlator.findings.Findings` is one."""

    def all(self, filters: Filters, window: str) -> Sequence[QualityFinding]:
        """Return what was found in a window before `filters.as_of`. Raises StallwatchError if it cannot tell."""


@dataclass(frozen=True)
class Message:
    """One notification on its way: `id` is the same at every attempt, `at` is the instant of this attempt."""

    id: str
    body: str
    at: datetime


class Channel(Protocol):
    """A way to tell somebody."""

    def send(self, message: Message) -> None:
        """Deliver once. Returns when the receiver has taken it; raises DeliveryError when not, or not surely."""

    def close(self) -> None:
        """Give back what it holds."""
