"""The ground-truth file: JSON, one object, instants in ISO 8601 UTC."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import StallwatchError
from stallwatch.simulator.records import HandoffTruth, JourneyTruth, Truth

INSTANTS = ("opened_at", "closed_at", "cancelled_at", "due_at")


class TruthFileError(StallwatchError):
    """The file is no ground truth, or cannot be read or written."""


def write_truth(truth: Truth, file: Path) -> None:
    """Write the truth. Raises TruthFileError."""
    try:
        file.write_text(json.dumps(asdict(truth), indent=1, default=datetime.isoformat) + "\n", encoding="utf-8")
    except OSError as error:
        message = f"cannot write the ground truth to {file}: {error.strerror}"
        raise TruthFileError(message) from None


def read_truth(file: Path) -> Truth:
    """Read what `write_truth` wrote: an equal Truth. Raises TruthFileError."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Truth(
            **content
            | {
                "as_of": datetime.fromisoformat(content["as_of"]),
                "journeys": tuple(_journey(each) for each in content["journeys"]),
                "handoffs": tuple(_handoff(each) for each in content["handoffs"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"cannot read the ground truth of {file}: {error}"
        raise TruthFileError(message) from None


def _journey(content: dict[str, Any]) -> JourneyTruth:
    return JourneyTruth(**content | {"members": tuple(content["members"])})


def _handoff(content: dict[str, Any]) -> HandoffTruth:
    instants = {key: datetime.fromisoformat(content[key]) if content[key] else None for key in INSTANTS}
    return HandoffTruth(**content | instants)
