"""The ground-truth file: JSON, one object, instants in ISO 8601 UTC."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from core.errors import StallwatchError
from stallwatch.simulator.records import Truth


class TruthFileError(StallwatchError):
    """The file cannot be written."""


def write_truth(truth: Truth, file: Path) -> None:
    """Write the truth. Raises TruthFileError."""
    try:
        file.write_text(json.dumps(asdict(truth), indent=1, default=datetime.isoformat) + "\n", encoding="utf-8")
    except OSError as error:
        message = f"cannot write the ground truth to {file}: {error.strerror}"
        raise TruthFileError(message) from None
