"""The data directory of the embedded engine belongs to one process: claim it, or say who cannot have it.

The engine takes one directory per process too, so a claim lasts until the process ends, whoever closes what.
"""

import fcntl
import threading
from pathlib import Path
from typing import TextIO

from core.errors import StoreUnavailableError

_claims: dict[Path, TextIO] = {}
_guard = threading.Lock()


def claim(directory: Path) -> Path:
    """Make `directory` and hold it for this process; safe to repeat. Returns it absolute.

    Raises StoreUnavailableError where it cannot be made or written, or another process holds it.
    """
    with _guard:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            place = directory.resolve()
            if place not in _claims:
                _claims[place] = _locked(place)
        except BlockingIOError:
            message = (
                f"the data directory {directory} is in use by another Stallwatch process; stop it or choose --data-dir"
            )
            raise StoreUnavailableError(message) from None
        except OSError as error:
            message = f"cannot use the data directory {directory}: {error.strerror}"
            raise StoreUnavailableError(message) from None
        return place


def _locked(place: Path) -> TextIO:
    """Lock a file beside the directory: what is inside belongs to the engine."""
    file = (place.parent / f".{place.name}.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file
