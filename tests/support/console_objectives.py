"""Objectives of the invented network, evaluated from invented counts, as a fake of their port."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction

from support.console_network import NOW
from support.objective_values import make_objective, make_part

from core.errors import NotFoundError
from core.filters import Filters
from slo.coverage import Awaited, Coverage
from slo.evaluation import Evaluation, evaluated
from slo.objectives import CalendarWindow, Objective
from slo.readings import Counts, Ledger

HEARD = Awaited("ap_automation", "AP automation", "heard", NOW - timedelta(minutes=3))
SILENT = Awaited("supplier_network", "Supplier network", "silent", NOW - timedelta(hours=9, minutes=50))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_evaluation(
    good: int,
    late: int,
    *awaited: Awaited,
    objective: Objective | None = None,
    lately: Counts | None = None,
    **changes: int,
) -> Evaluation:
    """Return an objective of which so many were decided, evenly over its 30 days; `lately`: and what, 15 minutes ago."""
    each = [
        (NOW - 30 * DAY + day * DAY, Counts(good * (day + 1) // 30 - good * day // 30, late * (day + 1) // 30 - late * day // 30))
        for day in range(30)
    ]  # fmt: skip
    now = [(NOW - HOUR / 4, lately or Counts()), (NOW, Counts(**changes))]
    it, coverage = objective or make_objective(), Coverage(awaited or (HEARD,))
    return evaluated(it, [Ledger([*each, *now]) for _ in it.parts], coverage, NOW, history=True)


def make_objectives() -> list[Evaluation]:
    match = make_objective(make_part("invoice_to_match", selecting={"criticality": ("standard",)}))
    month = CalendarWindow("month", 1, NOW.replace(day=1, hour=0, tzinfo=None), "America/Chicago")
    parts = (make_part("invoice_to_match"), make_part("order_to_receipt", Fraction(19, 20), 2))
    return [
        make_evaluation(1843, 97, objective=replace(match, name="kept", title="Invoice → match, standard"), undecided=212, cancelled=14),
        make_evaluation(910, 171, objective=replace(match, name="missed", title="Order → receipt, clinical-critical")),
        make_evaluation(955, 60, objective=replace(match, name="burning", title="Order → ERP, standard"), lately=Counts(bad=12)),
        make_evaluation(402, 9, SILENT, objective=replace(match, name="silent", title="Order → acknowledgement"), stale=31, undecided=4),
        make_evaluation(0, 0, objective=replace(match, name="frozen", title="Credit memo → posting, low"), undecided=3),
        make_evaluation(120, 6, HEARD, SILENT, objective=make_objective(*parts, name="composite", title="From order to match", window=month)),
    ]  # fmt: skip


@dataclass
class FakeObjectives:
    found: list[Evaluation] = field(default_factory=make_objectives)

    reckoned_at: datetime | None = None

    def all(self, filters: Filters) -> tuple[Sequence[Evaluation], datetime]:
        return self.found, self.reckoned_at or filters.as_of

    def one(self, name: str, filters: Filters) -> Evaluation:
        for each in self.found:
            if each.objective.name == name:
                return each
        message = f"there is no objective {name!r}"
        raise NotFoundError(message)
