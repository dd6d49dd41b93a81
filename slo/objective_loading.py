"""Objectives, read from OpenSLO files: those that ship and those of an operator, held against the journey models."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from core.errors import DefinitionError
from core.problems import Problem, WrongDefinitionError, did_you_mean, problems_of
from core.settings import Settings
from correlator.model import JourneyModel
from slo.alert_building import judge_condition, judge_policy
from slo.burn_windows import load_windows
from slo.indicator_building import read_sli
from slo.objective_building import Workshop, build
from slo.objectives import Objective
from slo.openslo_book import Book, Notes, read_book


@dataclass(frozen=True)
class LoadedObjectives:
    """Objectives in the order of their files, and what in them may be meant otherwise."""

    objectives: tuple[Objective, ...] = ()
    warnings: tuple[Problem, ...] = ()


def shipped_objectives() -> dict[str, Path]:
    """Return the objective files that ship with Stallwatch, name to file."""
    folder = Path(str(resources.files("slo") / "objectives"))
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def load_objectives(names: Iterable[str], models: Sequence[JourneyModel]) -> LoadedObjectives:
    """Read objectives by shipped name or by path of a YAML file; handoffs are those of `models`.

    Files refer to each other's objects by name, and an object of an operator's file takes the place of a shipped one of
    its kind and name. Raises WrongDefinitionError with all that is wrong in all of them.
    """
    notes = Notes()
    book = _read(names, notes)
    slis = {name: read_sli(entry, book, models) for name, entry in book.of("SLI").items()}
    shop = Workshop(book, slis, models, load_windows())
    built = [objective for slo in book.of("SLO").values() for objective in build(slo, shop)]
    notes.problems += _clashes(built, book)
    if notes.problems:
        raise WrongDefinitionError(_in_order(notes.problems))
    return LoadedObjectives(tuple(built), tuple(_in_order(notes.warnings)))


def wrong_whatever_the_models(names: Iterable[str]) -> list[Problem]:
    """Return what is wrong in objectives by themselves, where the models that they are held against cannot be read."""
    notes = Notes()
    _read(names, notes)
    return _in_order(notes.problems)


def objective_names(settings: Settings) -> tuple[str, ...]:
    """Return the objectives that settings name; where they name none, what ships for the models that ship."""
    if settings.objectives is not None:
        return settings.objectives
    return tuple(name for name in settings.models if name in shipped_objectives())


def _read(names: Iterable[str], notes: Notes) -> Book:
    book = read_book(_files(names, notes), notes, gives_way=frozenset(shipped_objectives().values()))
    for policy in book.of("AlertPolicy").values():
        judge_policy(policy, book)
    for condition in book.of("AlertCondition").values():
        judge_condition(condition, notes)
    return book


def _files(names: Iterable[str], notes: Notes) -> list[Path]:
    found = []
    for name in names:
        try:
            found.append(file_of(name))
        except DefinitionError as error:
            notes.problems += problems_of(error)
    return found


def file_of(name: str) -> Path:
    """Return the file of shipped objectives, or the YAML file that is named. Raises DefinitionError."""
    shipped = shipped_objectives()
    file = shipped.get(name, Path(name))
    if name not in shipped and file.suffix not in {".yaml", ".yml"}:
        hint = did_you_mean(name, shipped)
        message = f"there are no objectives {name!r}: give a YAML file, or one of {', '.join(shipped)}{hint}"
        raise DefinitionError(message)
    return file


def _clashes(built: Sequence[Objective], book: Book) -> Iterator[Problem]:
    """Yield SLOs whose name an objective of another SLO has got: of several targets each has a number."""
    for objective in built:
        slo = book.of("SLO").get(objective.name)
        if slo and (slo.document.file, slo.document.line) != (objective.file, objective.line):
            reason = f"the name {objective.name!r} is that of a target of {objective.file}:{objective.line}; rename one"
            yield slo.document.problem(("metadata", "name"), reason)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    files = dict.fromkeys(problem.file for problem in problems)
    order = {file: number for number, file in enumerate(files)}
    return sorted(dict.fromkeys(problems), key=lambda each: (order[each.file], each.line, each.column))
