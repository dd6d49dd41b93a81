"""Objectives as of an instant, over a database: who is heard, one pass over the promises, and what it comes to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.clickhouse import Database
from core.errors import NotFoundError
from core.filters import Filters
from core.problems import did_you_mean
from correlator.model import JourneyModel
from slo.coverage import Coverage, Coverages
from slo.evaluation import Evaluation, anchor_of, evaluated, instants_of
from slo.objectives import DIMENSIONS, Objective, Selection
from slo.outcomes import Cell, Grid, Outcomes, Terms
from slo.readings import ledger_of


@dataclass(frozen=True)
class _Question:
    """What is asked of the promises of one part of an objective whose end one integration should tell."""

    objective: Objective
    part: int
    awaits: str
    selection: Selection
    terms: Terms


@dataclass(frozen=True)
class _Asked:
    """One objective, what is asked for it, and where its counts have to be cut."""

    objective: Objective
    questions: tuple[_Question, ...]
    coverage: Coverage
    cuts: frozenset[datetime]


Told = dict[tuple[str, int], list[tuple[Cell, Coverage]]]  # by name of the objective and place of the part


@dataclass(frozen=True)
class Evaluations:
    """Answers for every `as_of`. `models` are those that the promises were derived by."""

    database: Database
    models: tuple[JourneyModel, ...]
    objectives: tuple[Objective, ...]

    def all(self, filters: Filters, *, history: bool = False) -> list[Evaluation]:
        """Return every objective that the filters leave anything of, in their order; with `history` each with its past.

        One pass over the promises for all that say alike when one is due and how it is sliced. Filters narrow down
        what is counted; whom an objective waits for stays as it is. `filters.cause` does not apply.
        """
        return self._evaluated([each for each in self.objectives if concerns(each, filters)], filters, history=history)

    def one(self, name: str, filters: Filters) -> Evaluation:
        """Return one objective with its history. Raises NotFoundError."""
        found = [each for each in self.objectives if each.name == name]
        if not found:
            message = f"there is no objective {name!r}{did_you_mean(name, [each.name for each in self.objectives])}"
            raise NotFoundError(message)
        return self._evaluated(found, filters, history=True)[0]

    def _evaluated(self, objectives: Sequence[Objective], filters: Filters, *, history: bool) -> list[Evaluation]:
        def read(database: Database) -> list[Evaluation]:
            asked = _asked(database, self.models, objectives, filters.as_of, history=history)
            told = _told(Outcomes(database, self.models), asked, filters)
            return [_evaluation(each, told, filters.as_of, history=history) for each in asked]

        return self.database.together(read)


def concerns(objective: Objective, filters: Filters) -> bool:
    """Return whether any part of an objective can have promises under the filters."""
    return any(_allows(part.indicator.selection, filters) for part in objective.parts)


def _allows(selection: Selection, filters: Filters) -> bool:
    """Return whether a selection and the filters share a value of each dimension that both restrict."""
    pairs = [(getattr(selection, name), getattr(filters, name)) for name in ("handoff", *DIMENSIONS)]
    return all(not mine or not theirs or {*mine} & {*theirs} for mine, theirs in pairs)


def _asked(
    database: Database,
    models: tuple[JourneyModel, ...],
    objectives: Sequence[Objective],
    as_of: datetime,
    *,
    history: bool,
) -> list[_Asked]:
    outcomes = Outcomes(database, models)
    questions = {each.name: tuple(_questions(outcomes, each, as_of)) for each in objectives}
    every = Coverages(database).of({each.awaits for asked in questions.values() for each in asked}, as_of)
    found = []
    for each in objectives:
        coverage = every.of({question.awaits for question in questions[each.name]})
        cuts = frozenset(instants_of(each, coverage, as_of, history=history))
        found.append(_Asked(each, questions[each.name], coverage, cuts))
    return found


def _questions(outcomes: Outcomes, objective: Objective, as_of: datetime) -> Iterator[_Question]:
    """Yield a question for each part of an objective and integration that it waits for."""
    grid = Grid(anchor_of(objective.window, as_of), objective.slice) if objective.slice else None
    for place, part in enumerate(objective.parts):
        indicator = part.indicator
        known = outcomes.definitions([indicator.selection])
        terms = Terms(indicator.within, indicator.strictly, grid)
        for awaits in sorted({definition.awaits for definition in known.values()}):
            handoffs = tuple(key for (_, key), definition in known.items() if definition.awaits == awaits)
            yield _Question(objective, place, awaits, replace(indicator.selection, handoff=handoffs), terms)


def _told(outcomes: Outcomes, asked: Sequence[_Asked], filters: Filters) -> Told:
    """Return the cells of each part, with those whom they wait for; one statement for all questions of equal terms."""
    told: Told = defaultdict(list)
    for terms in dict.fromkeys(question.terms for each in asked for question in each.questions):
        alike = [(each, question) for each in asked for question in each.questions if question.terms == terms]
        bounds = {cut for each, _ in alike for cut in each.cuts}
        for cell in outcomes.cells([question.selection for _, question in alike], bounds, filters, terms):
            each, question = alike[cell.place]
            told[each.objective.name, question.part].append((cell, each.coverage.of({question.awaits})))
    return told


def _evaluation(asked: _Asked, told: Told, as_of: datetime, *, history: bool) -> Evaluation:
    it = asked.objective
    ledgers = [ledger_of(told.get((it.name, place), ())) for place in range(len(it.parts))]
    return evaluated(it, ledgers, asked.coverage, as_of, history=history)
