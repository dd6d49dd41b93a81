"""What will be late: the chance of each open handoff to breach, and how many to expect at each facility."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar

from core.clickhouse import Database, Steps
from core.errors import MisuseError
from core.filters import Filters
from core.paging import Page, page_of
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.model import JourneyModel
from correlator.open_handoffs import read_open
from correlator.reasoning import named_in
from correlator.targets import KIND, rows_of
from slo.counts_of_chances import Sums
from slo.lag import GROUPS, check_groups

# Whoever went on as long is the sample that a chance rests on. Of fewer than ten nothing is said; and what wider ones
# did counts as much as ten of its own: on past data anything from 5 to 20 scores much the same (docs/lag.md).
ENOUGH_LONGER = 10
PRIOR = 10
# A chance of one half that rests on n closed instances has a band of 95 % confidence of 1.96 * sqrt(1/4 / n) to either
# side: with 40 that is 15 points. With fewer, "likely late" and "likely in time" can no longer be told apart.
ENOUGH_CLOSED = 40
LOOK_BACK = timedelta(days=365)  # a segment is learned from a year of openings: each season once, and no older habits
MOST_DAYS = 60  # ahead; beyond, most of what will be late has not been opened yet
INTERVAL = (0.025, 0.975)
STEPS = ("forecast_open", "forecast_seen", "forecast_calendars", "forecast_ran", "forecast_curves", "forecast_chances")
EVERYWHERE = KIND + 1  # the rank of a target that names no place, after those that do
Found = TypeVar("Found")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chance:
    """An open handoff instance that is not due yet: how it will end, as shares of 1 that add up to one.

    `late`: it still runs when it falls due, given that it runs now: S(due) / S(now), where S is the share of its
    segment that neither closing nor cancelling has ended (Kaplan and Meier, Journal of the American Statistical
    Association 53, 1958), by the share of the time it may take that has run: business time where its target is, pauses
    left out. `in_time`: it closes by then; `cancelled`: it is cancelled by then, which breaches nothing. None where
    `withheld` says why: `few` of its kind have closed (below `ENOUGH_CLOSED`) or went on as long as it has (below
    `ENOUGH_LONGER` of its handoff), or none of them has been watched until it was due (`beyond`).

    Each segment is weighed against the wider one by how many of it went on as long: its facility's, its criticality's,
    its handoff's; the wider one counts as `PRIOR`.

    `segment`: `facility` where it is judged by its handoff and criticality at its facility, `everywhere` where too few
    of those have closed there; `closed_like_it` is how many closed ones that rests on.
    """

    model: str
    handoff: str
    object: ObjectRef
    journey: ObjectRef
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    amount: Decimal | None
    currency: str
    opened_at: datetime
    due_at: datetime
    late: float | None
    in_time: float | None
    cancelled: float | None
    withheld: str
    segment: str
    closed_like_it: int


@dataclass(frozen=True)
class Expected:
    """How many of one group will be late by `until`, of those open now: about `late`, most likely `low` to `high`.

    The interval holds 95 of 100 outcomes where the chances are right and instances end independently of each other; an
    outage that holds all of them up is not in it. `undecided` fall due by then, of which `forecast` have a chance and
    the others are withheld: `too_few` for want of others like them, `beyond` for want of any watched until due.
    """

    keys: dict[str, str]
    until: datetime
    late: float
    low: int
    high: int
    forecast: int
    too_few: int
    beyond: int

    @property
    def undecided(self) -> int:
        """Open, and due by then."""
        return self.forecast + self.too_few + self.beyond


@dataclass(frozen=True)
class Outlook:
    """What to expect of each facility by each day, and the handoffs that are the likeliest to be late: one forecast."""

    expected: tuple[Expected, ...]
    likeliest: tuple[Chance, ...]

    def __len__(self) -> int:
        """Return the rows of both: what keeping it takes (core.kept_answers)."""
        return len(self.expected) + len(self.likeliest)


@dataclass(frozen=True)
class Forecasts:
    """Queries over the handoff instances of a database; `models` say which targets are in business time."""

    database: Database
    models: tuple[JourneyModel, ...]

    def expected(self, filters: Filters, days: int = 7, *, group_by: Sequence[str] = ("facility",)) -> list[Expected]:
        """Return for each group, in order of its values, what to expect by the end of each of the next `days`.

        Days are of 24 hours from `filters.as_of`; each counts those before it too. Filters choose whose open instances
        are forecast; a segment is learned from all of its kind. `filters.cause` does not apply. Raises MisuseError for
        a group that does not exist, or days out of range.
        """
        check_groups(group_by, GROUPS)
        values = _values(filters, days) | {"by": list(group_by)}
        rows = self._in_steps(values, lambda steps, bound: _asked(steps, "forecast", bound))
        return _expected(rows, group_by, filters.as_of, days)

    def page(self, filters: Filters, days: int = 7, *, limit: int = 50, cursor: str | None = None) -> Page[Chance]:
        """Return the open instances that fall due within `days`, the likeliest to be late first.

        Raises MisuseError for a bad cursor, or days out of range.
        """
        values = _values(filters, days)

        def ask(after: int, count: int) -> Rows:
            bound = values | {"after": after, "limit": count}
            return self._in_steps(bound, lambda steps, bound: _asked(steps, "forecast_page", bound))

        return page_of(ask, _chance, cursor, limit)

    def outlook(self, filters: Filters, days: int = 7, *, likeliest: int = 25) -> Outlook:
        """Return what `expected` says of facilities beside the first of `page`, reckoned once for both.

        Of what is withheld none is among the likeliest. Raises MisuseError for days out of range.
        """
        by = ("facility",)
        values = _values(filters, days) | {"by": list(by), "after": 0, "limit": likeliest}
        rows, first = self._in_steps(
            values, lambda steps, bound: (_asked(steps, "forecast", bound), _asked(steps, "forecast_page", bound))
        )
        told = (chance for chance in map(_chance, first) if chance.late is not None)
        return Outlook(tuple(_expected(rows, by, filters.as_of, days)), tuple(told))

    def _in_steps(self, values: dict[str, Any], read: Callable[[Steps, dict[str, Any]], Found]) -> Found:
        """Return what `read` finds after the steps, of which each fills a table that the next ones read."""
        bound = values | clocks(self.models)

        def told(steps: Steps, bound: dict[str, Any]) -> Found:
            _take_steps(steps, bound)
            return read(steps, bound)

        def whole(database: Database) -> Found:
            with database.in_steps() as steps:
                names = [model.model for model in self.models]
                return read_open(steps, names, values["as_of"], lambda table: told(steps, bound | {"handoffs": table}))

        return self.database.together(whole)


def clocks(models: Sequence[JourneyModel]) -> dict[str, Any]:
    """Return what the steps bind of models: which targets are in business time, and the calendars handoffs name."""
    handoffs = [(model.model, key, handoff) for model in models for key, handoff in model.handoffs.items()]
    return {
        "targets": [
            (model, key, criticality, rank, place, unit != "clock")
            for model, key, handoff in handoffs
            for rank, place, criticality, unit, _ in (
                *((EVERYWHERE, "", *row) for row in rows_of(handoff.target)),
                *handoff.target_at.rows(),
            )
        ],
        "calendars": [(model, key, handoff.calendar) for model, key, handoff in handoffs if handoff.calendar],
    }


def _take_steps(steps: Steps, bound: dict[str, Any]) -> None:
    for step in STEPS:
        steps.create(step, sql("slo", f"create_{step}"))
        statement = sql("slo", step)
        steps.execute(statement, **named_in(statement, bound))


def _asked(steps: Steps, query: str, bound: dict[str, Any]) -> Rows:
    statement = sql("slo", query)
    return steps.rows(statement, **named_in(statement, bound))


def _values(filters: Filters, days: int) -> dict[str, Any]:
    if not 1 <= days <= MOST_DAYS:
        message = f"a forecast looks 1 to {MOST_DAYS} days ahead, not {days}"
        raise MisuseError(message)
    return {
        **filters.parameters(),
        "since": filters.as_of - LOOK_BACK,
        "horizon": filters.as_of + timedelta(days=days),
        "enough": ENOUGH_CLOSED,
        "longer": ENOUGH_LONGER,
        "prior": PRIOR,
    }


def _expected(rows: Rows, group_by: Sequence[str], as_of: datetime, days: int) -> list[Expected]:
    return [
        each
        for keys, found in groupby(rows, key=lambda row: tuple(row["keys"]))
        for each in _running(dict(zip(group_by, keys, strict=True)), list(found), as_of, days)
    ]


def _running(keys: dict[str, str], found: list[dict[str, Any]], as_of: datetime, days: int) -> list[Expected]:
    """Return the sums of the days up to each day."""
    by_day, sums, too_few, beyond, told = {row["day"]: row for row in found}, Sums(), 0, 0, []
    for day in range(1, days + 1):
        if row := by_day.get(day):
            sums += Sums(row["forecast"], row["mean"], row["variance"], row["third"])
            too_few, beyond = too_few + row["too_few"], beyond + row["beyond"]
        low, high = (sums.quantile(share) for share in INTERVAL)
        until = as_of + timedelta(days=day)
        told.append(Expected(keys, until, sums.mean, low, high, sums.count, too_few, beyond))
    return told


def _chance(row: dict[str, Any]) -> Chance:
    late, in_time = row["late"], row["in_time"]
    segment = "" if row["withheld"] == "few" else "facility" if row["is_own"] else "everywhere"
    kept = ("model", "handoff", "facility", "supplier", "department", "spend_category", "criticality", "amount")
    return Chance(
        **{name: row[name] for name in (*kept, "currency", "opened_at", "due_at", "withheld", "closed_like_it")},
        object=ObjectRef(row["object_type"], row["object_id"]),
        journey=ObjectRef(row["journey_type"], row["journey_id"]),
        late=late,
        in_time=in_time,
        cancelled=None if late is None else max(0.0, 1 - late - in_time),
        segment=segment,
    )
