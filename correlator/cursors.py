"""Where a page starts: the number of rows before it."""

from core.errors import MisuseError


def place(cursor: str | None) -> int:
    """Return how many rows come before the page that `cursor` names. Raises MisuseError for anything else."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 12):  # noqa: PLR2004 - a row number, with room
        message = f"{cursor!r} is not a cursor of this list"
        raise MisuseError(message)
    return int(cursor)
