"""The models that were ever in force, as correlators met them: each with its version, and what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from core.clickhouse import Database
from core.clock import Clock
from core.sql import sql
from correlator.changes import Change, between
from correlator.model import JourneyModel

COLUMNS = ("model", "number", "fingerprint", "version", "definition", "in_force_since")
UNREADABLE = Change(("all of it, as far as this version of Stallwatch can tell",), None)


@dataclass(frozen=True)
class ModelVersion:
    """A model as it was in force from `since` up to `until` (None: it is); what it changed, and what that touches.

    `warning` says that the content changed and the number did not rise; "" where it did. `definition` is None where it
    was kept before a change of the language and cannot be read any more.
    """

    model: str
    version: int
    fingerprint: str
    since: datetime
    until: datetime | None
    changed: tuple[str, ...]
    derived: str
    warning: str
    definition: JourneyModel | None = None


@dataclass(frozen=True)
class Versions:
    """The table of model versions."""

    database: Database

    def meet(self, model: JourneyModel, clock: Clock) -> ModelVersion | None:
        """Note that a model is in force from now on, unless it already was: then None. Safe to repeat."""
        met = self._met(model.model)
        if met and met[-1]["fingerprint"] == model.fingerprint:
            return None
        number = met[-1]["number"] + 1 if met else 1
        row = (model.model, number, model.fingerprint, model.version, definition_of(model), clock.now())
        self.database.insert("model_versions", COLUMNS, [row])
        return self.all(model.model)[0]

    def change(self, model: JourneyModel, fingerprint: str) -> Change:
        """Return what a model changes on the one with this fingerprint; everything where that was never met."""
        met = self._met(model.model)
        former = next((row for row in reversed(met) if row["fingerprint"] == fingerprint), None)
        return _change(former, model)

    def all(self, model: str = "") -> tuple[ModelVersion, ...]:
        """Return every version, of one model or of all, the newest of each first."""
        rows = self._met(model)
        found = []
        for place, row in enumerate(rows):
            earlier = [each for each in rows[:place] if each["model"] == row["model"]]
            later = next((each for each in rows[place + 1 :] if each["model"] == row["model"]), None)
            found.append(_version(row, earlier, later))
        found.reverse()
        return tuple(sorted(found, key=lambda version: version.model))

    def _met(self, model: str) -> list[dict[str, Any]]:
        return self.database.rows(sql("correlator", "model_versions"), model=model)


def _version(row: dict[str, Any], earlier: Sequence[dict[str, Any]], later: dict[str, Any] | None) -> ModelVersion:
    model = _read(row)
    change = _change(earlier[-1], model) if earlier and model else Change((), None)
    came_back = any(each["fingerprint"] == row["fingerprint"] for each in earlier)
    reused = bool(earlier and change.what) and not came_back and row["version"] <= earlier[-1]["version"]
    return ModelVersion(
        model=row["model"],
        version=row["version"],
        fingerprint=row["fingerprint"],
        since=row["in_force_since"],
        until=later["in_force_since"] if later else None,
        changed=change.what,
        derived=change.derived,
        warning=f"it changed, and its version is {row['version']} after {earlier[-1]['version']}" if reused else "",
        definition=model,
    )


def definition_of(model: JourneyModel) -> str:
    """Return a model as it is kept, which reads as the same model: without what it leaves to defaults."""
    return model.model_dump_json(exclude_defaults=True)


def _change(former: dict[str, Any] | None, model: JourneyModel) -> Change:
    before = _read(former) if former else None
    return between(before, model) if before else UNREADABLE


def _read(row: dict[str, Any]) -> JourneyModel | None:
    try:
        return JourneyModel.model_validate_json(row["definition"])
    except ValidationError:
        return None  # of before a change of the language
