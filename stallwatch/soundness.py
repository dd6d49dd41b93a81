"""Whether settings and definition files are sound: everything that is wrong in them, and what is doubtful."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from alerts.rulebook import Rule, load_rules
from alerts.service import channels_of
from collector.redaction import load_redaction
from core.clickhouse import Database
from core.definitions import located, read_documents
from core.dsn import EmbeddedStore, read_dsn
from core.errors import DefinitionError, SettingsError, StallwatchError
from core.problems import LooseEnd, Problem, did_you_mean, problems_of
from core.registry import Calendar, Registry, load_registry
from core.settings import Settings
from core.sql import sql
from correlator.doubts import doubtful_needs, never_due, never_reached, unsent_events, unsent_names
from correlator.loading import file_of, load_models
from correlator.model import JourneyModel
from correlator.own_names import own_names
from correlator.registered import calendars_not_registered, places_not_registered
from slo.hours import calendar_problems
from slo.objective_loading import LoadedObjectives, load_objectives, objective_names, wrong_whatever_the_models

Read = TypeVar("Read")


@dataclass
class Soundness:
    """What was found: what is to be mended before anything runs, and what may be meant otherwise."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    models: tuple[JourneyModel, ...] = ()
    registry: Registry = field(default_factory=Registry)
    rules: tuple[Rule, ...] = ()
    objectives: LoadedObjectives = field(default_factory=LoadedObjectives)

    def read(self, read: Callable[[], Read], otherwise: Read) -> Read:
        """Return what is read, or note what is wrong in it."""
        try:
            return read()
        except DefinitionError as error:
            self.problems += problems_of(error)
        except SettingsError as error:
            self.problems.append(Problem(None, 0, 0, "", str(error)))
        return otherwise


def judged(settings: Settings) -> Soundness:
    """Judge settings and all definition files that they name; ask the store, if there is one, what was ever sent."""
    found = Soundness()
    found.read(lambda: check_connections(settings), None)
    found.models = found.read(lambda: load_models(settings.models), ())
    found.read(lambda: load_redaction(settings.redaction), None)
    found.rules = found.read(load_rules, ())
    names = objective_names(settings)
    if found.models:
        found.objectives = found.read(lambda: load_objectives(names, found.models), found.objectives)
    else:
        found.problems += wrong_whatever_the_models(names)
    registry = found.read(lambda: load_registry(settings.registry), None)
    found.problems += wrong_calendars(settings.registry)
    if registry is not None:
        found.registry = registry
        found.problems += _calendars_of_nobody(settings, registry)
    if not found.problems:
        found.warnings += [*found.objectives.warnings, *_unknown_facilities(found), *_doubts(settings, found)]
    return found


def _sound_models(settings: Settings) -> Iterator[tuple[Path, JourneyModel]]:
    """Yield each model that can be read, whatever is wrong in others, with its file."""
    for name in dict.fromkeys(settings.models):
        with suppress(DefinitionError):
            yield from ((file_of(name), model) for model in load_models([name]))


def check_connections(settings: Settings) -> None:
    """Read where the store and the webhook are; connect to neither. Raises SettingsError for what cannot be used."""
    read_dsn(settings.store)
    for channel in channels_of(settings).values():
        channel.close()


def wrong_calendars(file: Path | None) -> tuple[Problem, ...]:
    """Return what is wrong in the calendars of a registry, of those that can be read, whatever else is wrong in it."""
    try:
        documents = read_documents(file) if file else ()
    except DefinitionError:
        return ()  # which is told by whoever reads all of it
    found = (each.problem(*wrong) for each in documents for wrong in _refused(_calendars_in(each.content)))
    return tuple(sorted(found, key=lambda each: (each.line, each.column)))


def _calendars_in(content: Any) -> Iterator[tuple[str, Calendar]]:
    calendars = content.get("calendars") if isinstance(content, dict) else None
    for name, written in calendars.items() if isinstance(calendars, dict) else ():
        with suppress(ValidationError):
            yield name, Calendar.model_validate(written)


def _refused(calendars: Iterable[tuple[str, Calendar]]) -> Iterator[LooseEnd]:
    for name, calendar in calendars:
        if name == "always":
            yield ("calendars", name), "the name 'always' is taken by the calendar that never closes; rename it"
        yield from ((("calendars", name, *place), reason) for place, reason in calendar_problems(calendar))


def _calendars_of_nobody(settings: Settings, registry: Registry) -> Iterator[Problem]:
    for file, model in _sound_models(settings):
        yield from (located(file, *wrong) for wrong in calendars_not_registered(model, registry))


def _unknown_facilities(found: Soundness) -> Iterator[Problem]:
    known = found.registry.facilities
    for objective in found.objectives.objectives if known else ():
        named = {name for part in objective.parts for name in part.indicator.selection.facility}
        for name in sorted(named - known.keys()):
            reason = f"the registry has no facility {name!r}{did_you_mean(name, known)}"
            yield Problem(objective.file, objective.line, 1, objective.name, reason)


def _doubts(settings: Settings, found: Soundness) -> Iterator[Problem]:
    try:
        sent = _sent(settings)
    except StallwatchError as error:
        sent = frozenset()
        yield Problem(None, 0, 0, "", f"which events were ever sent is not known: {error}")
    names = own_names(found.models)
    for file, model in _sound_models(settings):
        doubts = [*never_reached(model), *never_due(model), *doubtful_needs(model)]
        doubts += _unregistered(model, found.registry)
        doubts += places_not_registered(model, found.registry)
        doubts += unsent_events(model, {names.event_of(each) for each in sent}) if sent else ()
        doubts += unsent_names(model, sent) if sent else ()
        yield from (located(file, *doubt) for doubt in doubts)


def _unregistered(model: JourneyModel, registry: Registry) -> Iterator[LooseEnd]:
    for key, handoff in model.handoffs.items():
        if registry.integrations and handoff.awaits and handoff.awaits not in registry.integrations:
            hint = did_you_mean(handoff.awaits, registry.integrations)
            reason = f"the registry has no integration {handoff.awaits!r}, so its silence explains no stall{hint}"
            yield ("handoffs", key, "awaits"), reason


def sent_events(database: Database) -> frozenset[str]:
    """Return the types of all events that a database has; none where it has no tables yet. Raises StoreError."""
    if not database.rows(sql("stallwatch", "has_events")):
        return frozenset()
    return frozenset(row["type"] for row in database.rows(sql("stallwatch", "sent_events")))


def _sent(settings: Settings) -> frozenset[str]:
    store = read_dsn(settings.store)
    if isinstance(store, EmbeddedStore) and not store.directory.is_dir():
        return frozenset()  # to ask would be to make it
    database = Database.open(settings.store)
    try:
        return sent_events(database)
    finally:
        database.close()
