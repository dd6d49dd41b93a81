"""Every statement lives in a `.sql` file of the room that runs it; this is the one place that reads them."""

import re
from functools import cache
from importlib import resources

from core.errors import StallwatchError

INCLUDE = re.compile(r"^-- include: (\w+)/(\w+)$", re.MULTILINE)


@cache
def sql(room: str, name: str) -> str:
    """Return the text of `<room>/sql/<name>.sql`, its lines `-- include: <room>/<name>` replaced by that file.

    The cache holds texts of our own installed files only, which do not change while the process runs.
    """
    file = resources.files(room) / "sql" / f"{name}.sql"
    if not file.is_file():
        message = f"no query {name!r} in {room}/sql"
        raise StallwatchError(message)
    return expanded(file.read_text(encoding="utf-8"))


def expanded(text: str) -> str:
    """Return a statement with its lines `-- include: <room>/<name>` replaced by those files."""
    return INCLUDE.sub(lambda found: sql(found[1], found[2]), text)
