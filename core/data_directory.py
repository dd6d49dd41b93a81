"""The data directory of the embedded engine belongs to one process: claim it, or say who cannot have it.

The engine takes one directory per process too, so a claim lasts until the process ends, whoever closes what.
"""

import fcntl
import os
import threading
from pathlib import Path

from core.errors import StoreUnavailableError


class DirectoryInUseError(StoreUnavailableError):
    """Another process holds the data directory."""


_claims: dict[Path, int] = {}
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
            raise DirectoryInUseError(message) from None
        except OSError as error:
            message = f"cannot use the data directory {directory}: {error.strerror}"
            raise StoreUnavailableError(message) from None
        return place


def _locked(place: Path) -> int:
    """Lock a file beside the directory (what is inside belongs to the engine); return its descriptor, never closed."""
    descriptor = os.open(place.parent / f".{place.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
