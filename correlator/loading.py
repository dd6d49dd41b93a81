"""Journey models, read from their files: those that ship and those of an operator, held against each other."""

from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from core.definitions import located, read_definition
from core.errors import DefinitionError
from core.problems import Problem, WrongDefinitionError, did_you_mean, problems_of
from correlator.model import JourneyModel
from correlator.own_names import name_problems


def shipped_models() -> dict[str, Path]:
    """Return the models that ship with Stallwatch, name to file."""
    folder = Path(str(resources.files("correlator") / "models"))
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def load_models(names: Iterable[str]) -> tuple[JourneyModel, ...]:
    """Read models by shipped name or by path of a YAML file.

    Raises DefinitionError for unknown names, invalid files, two models with one name, or with one anchor: all at once.
    """
    found, problems = dict[str, tuple[JourneyModel, Path]](), list[Problem]()
    for name in names:
        try:
            file = file_of(name)
            model = read_definition(JourneyModel, file)
        except DefinitionError as error:
            problems += problems_of(error)
            continue
        problems += _clashes(model, file, found.values())
        found.setdefault(model.model, (model, file))
    for model, file in found.values():
        others = [other for other, _ in found.values() if other is not model]
        problems += [located(file, *wrong) for wrong in name_problems(model, others)]
    if problems:
        raise WrongDefinitionError(problems)
    return tuple(model for model, _ in found.values())


def file_of(name: str) -> Path:
    """Return the file of a shipped model, or the YAML file that is named. Raises DefinitionError."""
    shipped = shipped_models()
    file = shipped.get(name, Path(name))
    if name not in shipped and file.suffix not in {".yaml", ".yml"}:
        hint = did_you_mean(name, shipped)
        message = f"there is no model {name!r}: give a YAML file, or one of {', '.join(shipped)}{hint}"
        raise DefinitionError(message)
    return file


def _clashes(model: JourneyModel, file: Path, others: Iterable[tuple[JourneyModel, Path]]) -> Iterator[Problem]:
    for other, other_file in others:
        if other.model == model.model:
            twice = "this file is named twice; name it once"
            reason = f"the model {model.model!r} is already defined by {other_file}; rename one"
            reason = twice if file.samefile(other_file) else reason
            yield located(file, ("model",), reason)
        elif other.anchor == model.anchor:
            yield located(file, ("anchor",), f"{other_file} is anchored at {model.anchor!r} too; choose one")
