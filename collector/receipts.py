"""What a sender is told, and what is kept of a request until it is stored."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from collector.signals import Signal


@dataclass(frozen=True)
class Receipt:
    """Stored: `accepted` records are facts now, `rejected` ones are in quarantine; `message` says why, '' if none."""

    accepted: int
    rejected: int = 0
    message: str = ""


@dataclass(frozen=True)
class Submission:
    """One accepted request on its way to the store.

    `request_id` is a hash of what was sent, so that a repeat is known as such; `block` is ready for the landing table,
    and `plainer` makes another one for the case that ClickHouse cannot read it.
    """

    signal: Signal
    request_id: str
    block: bytes
    records: int
    plainer: Callable[[], bytes] | None = None
    receipt: Future[Receipt] = field(default_factory=Future, compare=False)

    def __post_init__(self) -> None:
        """Make sure that a sender who hangs up cannot cancel what the writer is about to store."""
        self.receipt.set_running_or_notify_cancel()
