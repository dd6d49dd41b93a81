"""The models as people look them up: what is configured, or was ever in force, with its definition and its versions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.clickhouse import Database
from core.errors import NotFoundError
from correlator.model import JourneyModel
from correlator.versions import ModelVersion, Versions


@dataclass(frozen=True)
class KnownModel:
    """A model by its name. `versions`: those that correlators met, the newest first; none where none has run yet.

    `definition` is that of the newest version, else the configured one; None where this version of Stallwatch cannot
    read what was kept. Not `configured`: its journeys are kept, and not shown.
    """

    name: str
    configured: bool
    definition: JourneyModel | None
    versions: tuple[ModelVersion, ...]

    @property
    def title(self) -> str:
        """What it is called; its name where that cannot be read."""
        return self.definition.title if self.definition else self.name

    @property
    def in_force_since(self) -> datetime | None:
        """Since when its newest version holds; None where it does not."""
        return self.versions[0].since if self.configured and self.versions else None


class Models:
    """Answers about models as of an instant."""

    def __init__(self, database: Database, models: Iterable[JourneyModel]) -> None:
        """`models` are those that are configured."""
        self._versions = Versions(database)
        self._configured = {model.model: model for model in models}

    def all(self, as_of: datetime) -> tuple[KnownModel, ...]:
        """Return the configured models in their order, then those that once were, by name."""
        met: dict[str, list[ModelVersion]] = {name: [] for name in self._configured}
        for version in self._versions.all():
            if version.since <= as_of:
                met.setdefault(version.model, []).append(_as_of(version, as_of))
        return tuple(self._known(name, tuple(versions)) for name, versions in met.items())

    def one(self, name: str, as_of: datetime) -> KnownModel:
        """Return one model. Raises NotFoundError."""
        found = next((known for known in self.all(as_of) if known.name == name), None)
        if found is None:
            message = f"there is no model {name!r}: none of this name is configured, nor was any in force"
            raise NotFoundError(message)
        return found

    def _known(self, name: str, versions: tuple[ModelVersion, ...]) -> KnownModel:
        configured = self._configured.get(name)
        definition = versions[0].definition if versions else configured
        return KnownModel(name, configured is not None, definition, versions)


def _as_of(version: ModelVersion, as_of: datetime) -> ModelVersion:
    return replace(version, until=None) if version.until and version.until > as_of else version
