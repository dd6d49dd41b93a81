"""How promises turned out: good, late, overdue, cancelled or undecided, counted by stretches of time.

A promise is decided at the earlier of its close and its due time: good if it closed by then (equality is no breach),
bad once that passed, whatever came after; cancelled before that it is in neither count. Silence is judged by whoever
reads the counts (`readings.py`): `overdue` are those whose end nobody has told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.clickhouse import Database
from core.durations import Duration
from core.filters import Filters
from core.sql import sql
from correlator.model import HandoffDefinition, JourneyModel
from slo.objectives import DIMENSIONS, Selection

CRITICALITIES = ("clinical-critical", "low", "standard")  # as slo/sql/outcomes_counted.sql numbers them
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cell:
    """Promises of one selection, by its place among those asked for, decided from `since` up to the next cell.

    `late`: ended after they were due; `overdue`: past due and open still. `undecided` is told of the last instant.
    `corrected`: of the good and cancelled those whose outcome a late event amended (correlator.corrected).
    """

    place: int
    since: datetime
    good: int
    late: int
    overdue: int
    cancelled: int
    undecided: int
    corrected: int = 0


@dataclass(frozen=True)
class Grid:
    """Slices of one length, each after the other, the first from `anchor` on."""

    anchor: datetime
    length: timedelta


@dataclass(frozen=True)
class Terms:
    """When a promise is due, and how finely its outcomes are told apart: what selections of one question share.

    `within`: so long after its clock began, None: by its own due time. `strictly`: closing just then is late.
    `grid`: cells are cut where its slices begin, too.
    """

    within: Duration | None = None
    strictly: bool = False
    grid: Grid | None = None


PLAIN = Terms()


@dataclass(frozen=True)
class Outcomes:
    """Counts over the handoff instances of a database, which were derived by `models`."""

    database: Database
    models: tuple[JourneyModel, ...]

    def cells(
        self, selections: Sequence[Selection], bounds: Iterable[datetime], filters: Filters, terms: Terms = PLAIN
    ) -> list[Cell]:
        """Return what was decided from the first of `bounds` up to `filters.as_of`, cut at each of them, in order.

        One statement, however many selections. A promise counts for each selection that has it. Cells of which nothing
        is to be told are left out. `filters.cause` does not apply: what closed has none.
        """
        cuts = sorted(microseconds(bound) for bound in {*bounds})
        asked = self._asked(selections) | _terms(terms) | {"bounds": cuts}
        name = "outcomes_within" if terms.within else "outcomes"
        rows = self.database.rows(sql("slo", name), **filters.parameters(), **asked)
        return [Cell(since=BEGINNING + row.pop("since_us") * MICROSECOND, **row) for row in rows]

    def _asked(self, selections: Sequence[Selection]) -> dict[str, Any]:
        known = self.definitions(selections)
        values = {name: _values(name, selections) for name in ("model", "handoff", *DIMENSIONS[:-1])}
        return {
            "parts": [_numbered(place, each, values) for place, each in enumerate(selections)],
            "models": sorted({model for model, _ in known}),
            "handoffs": sorted({handoff for _, handoff in known}),
            "object_types": sorted({definition.on for definition in known.values()}),
            "reopens": any(definition.reopen_on and definition.reopen != "reset" for definition in known.values()),
            "calendars": {f"{model}/{key}": found.calendar for (model, key), found in known.items() if found.calendar},
            **{f"values_of_{name}": list(found) for name, found in values.items()},
        }

    def definitions(self, selections: Iterable[Selection]) -> Mapping[tuple[str, str], HandoffDefinition]:
        """Return the handoffs that selections name, by model and key; those that no model has any more are left out."""
        named = {(each.model, handoff) for each in selections for handoff in each.handoff}
        return {
            (model.model, key): definition
            for model in self.models
            for key, definition in model.handoffs.items()
            if (model.model, key) in named
        }


def microseconds(at: datetime) -> int:
    """Return an instant as UTC microseconds since 1970."""
    return (at - BEGINNING) // MICROSECOND


def _values(name: str, selections: Sequence[Selection]) -> tuple[str, ...]:
    """Return what selections ask for of a dimension. Never nothing: SQL needs something to compare with."""
    found = (
        {each.model for each in selections}
        if name == "model"
        else {value for each in selections for value in getattr(each, name)}
    )
    return tuple(sorted(found)) or ("\0",)


def _numbered(place: int, selection: Selection, values: Mapping[str, Sequence[str]]) -> tuple[Any, ...]:
    """Return a selection by the numbers of its values, from 1."""
    asked = {"model": (selection.model,), "handoff": selection.handoff} | {
        name: getattr(selection, name) for name in DIMENSIONS[:-1]
    }
    (model,), *lists = [[values[name].index(each) + 1 for each in asked[name]] for name in values]
    return place, model, *lists, [CRITICALITIES.index(each) + 1 for each in selection.criticality]


def _terms(terms: Terms) -> dict[str, Any]:
    within, grid = terms.within or Duration(0, "clock"), terms.grid or Grid(BEGINNING, timedelta())
    return {
        "amount": within.amount,
        "unit": within.unit,
        "strictly": terms.strictly,
        "anchor_us": microseconds(grid.anchor),
        "slice_us": grid.length // MICROSECOND,
    }
