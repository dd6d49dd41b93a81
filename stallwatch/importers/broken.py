"""What is wrong with a log: one broken row, or the whole of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import StallwatchError

SHOWN = 20  # enough to see a pattern, few enough for one screen
LONGEST_ECHO = 80  # characters of a value that an error repeats


class ImportFileError(StallwatchError):
    """A log cannot be imported; the message names the file, the row and the reason, one problem a line."""

    status = 400


@dataclass(frozen=True)
class Broken:
    """A row that cannot be imported: where it stands ("event.csv:17"), why, and its text as it was read.

    `event_id` or `object_id` is the event or object that is lost with it, where there is one.
    """

    place: str
    reason: str
    record: str = ""
    event_id: str | None = None
    object_id: str | None = None


def quoted(value: object) -> str:
    """Return a value as an error may show it: quoted, shortened, always printable."""
    text = str(value).encode("utf-8", "replace").decode()
    return repr(text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…")


def refusal(path: Path, shown: Iterable[Broken], total: int) -> ImportFileError:
    """Return the error of a log with broken rows: how many, and the first of them with file, row and reason."""
    lines = [f"{broken.place}: {broken.reason}" for broken in shown]
    rows = "1 broken row" if total == 1 else f"{total:,} broken rows"
    more = [f"… and {total - len(lines):,} more"] if total > len(lines) else []
    return ImportFileError("\n".join([f"{path} has {rows}; nothing was imported", *lines, *more]))
