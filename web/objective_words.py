"""How an objective reads: its state, what is left of its budget, how fast it goes, and who is not heard. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from core.filters import DIMENSIONS, Filters
from slo.budget_words import in_words, percent, plain, spent_in
from slo.budgets import Budget
from slo.coverage import Awaited
from slo.evaluation import Burn, Evaluation
from slo.objectives import Objective, RollingWindow, Selection, Window
from slo.readings import Counts
from web.links import Address
from web.words import NOTHING, instant, plural

# What needs somebody comes first; of what nobody knows anything, last.
ORDER = ("burning", "missed", "silent", "kept", "frozen")
STATES = {
    "burning": "Burning",
    "missed": "Missed",
    "silent": "Frozen: not heard",
    "kept": "Kept",
    "frozen": "Frozen: nothing decided",
}
ICONS = {"burning": "firing", "missed": "stalled", "silent": "silence", "kept": "closed", "frozen": "open"}
OWN = tuple(name for name in DIMENSIONS if name != "cause")
HANDOFFS = "/api/v1/handoffs"


def state_of(found: Evaluation) -> str:
    """Return the one word for an objective: what of it somebody has to look at first."""
    if found.coverage.is_frozen:
        return "silent"
    if any(burn.outcome == "matched" for burn in found.burns):
        return "burning"
    return found.state


def in_order(found: Iterable[Evaluation]) -> list[Evaluation]:
    """Return objectives, those that need somebody first, of equal ones that with the least budget left."""
    return sorted(found, key=lambda each: (ORDER.index(state_of(each)), each.reading.budget.remaining or 0))


def share_text(budget: Budget) -> str:
    """Return the share that was kept: "94.2 %", never rounded to its target or to all."""
    return NOTHING if budget.share is None else percent(budget.share, budget.target)


def target_text(budget: Budget) -> str:
    """Return the target: "95 %"."""
    return f"{plain(budget.target * 100)} %"


def left_text(remaining: Fraction | None) -> str:
    """Return what is left of a budget: "40 % left", "overspent by 12.5 %"."""
    if remaining is None:
        return "nothing decided"
    return f"{percent(remaining)} left" if remaining >= 0 else f"overspent by {percent(-remaining)}"


def items_text(found: Evaluation) -> str:
    """Return what is left in items: "3 more may be late", "5 too many are late"; '' where there are none to count."""
    left = found.reading.budget.left_items
    if left is None:
        return ""
    noun = "slice" if found.objective.slice else "promise"
    if left < 0:
        return f"{plural(-left, noun)} too many"
    return f"{plural(left, f'more {noun}')} may be {'bad' if found.objective.slice else 'late'}"


def corrected_text(counts: Counts) -> str:
    """Return how many outcomes late events amended: "3 corrected by late events"; '' where none."""
    return f"{counts.corrected:,} corrected by late events" if counts.corrected else ""


def bar_width(remaining: Fraction | None) -> float:
    """Return how much of a bar of 100 is left: nothing of what is overspent or not known."""
    return float(round(100 * min(max(remaining or Fraction(), Fraction()), Fraction(1)), 2))


def worst(burns: Sequence[Burn]) -> Burn | None:
    """Return the burn that tells most: the first that matched, else the one over the longest time that is known."""
    matched = [burn for burn in burns if burn.outcome == "matched"]
    known = sorted((burn for burn in burns if burn.spent is not None), key=lambda burn: burn.alert.long)
    return matched[0] if matched else known[-1] if known else None


def burn_text(burn: Burn | None, window: Window) -> str:
    """Return how fast a budget goes: "spent 40 % of the month's budget in 6 h"."""
    if burn is None or burn.long is None:
        return "nothing decided" if burn is None else f"nothing decided in {in_words(burn.alert.long)}"
    return spent_in(burn.long, burn.alert.long, window)


def window_text(found: Evaluation) -> str:
    """Return which window it is: "last 30 d", "month since 1 Mar 2026, 06:00 UTC"."""
    window = found.objective.window
    if isinstance(window, RollingWindow):
        return f"last {in_words(window.length)}"
    units = window.unit if window.count == 1 else f"{window.count} {window.unit}s"
    return f"{units} since {instant(found.period.starts_at)} UTC"


def hearing_text(awaited: Awaited) -> str:
    """Return how an integration is heard: "silent since 4 Mar 2026, 02:10 UTC"."""
    texts = {
        "heard": f"heard {_at(awaited.last_heard)}",
        "silent": f"silent since {_at(awaited.last_heard)}",
        "never_seen": "never heard",
        "unwatched": "no heartbeat is expected of it, so its silence cannot be told",
    }
    return texts[awaited.hearing]


def _at(at: datetime | None) -> str:
    return f"{instant(at)} UTC"


def chosen(objective: Objective, filters: Filters, moment: str, path: str) -> Address:
    """Return where the promises of an objective are listed, under the filters of the page and as of its moment."""
    pairs = [(name, value) for name in OWN for value in _values(objective, filters, name)]
    return Address.of(path, [*pairs, ("as_of", moment)])


def of_part(selection: Selection, filters: Filters, moment: str, path: str) -> Address:
    """Return where the promises of one part are listed, under the filters of the page and as of its moment."""
    pairs = [(name, value) for name in OWN for value in _shared(getattr(selection, name), getattr(filters, name))]
    return Address.of(path, [*pairs, ("as_of", moment)])


def rate_text(rate: Fraction | None) -> str:
    """Return a burn rate or a weight: "14.4"; a dash where nothing was decided."""
    return NOTHING if rate is None else plain(rate)


def _values(objective: Objective, filters: Filters, name: str) -> list[str]:
    """Return the values of a dimension that both the objective and the filters leave; none: every one."""
    asked = list(getattr(filters, name))
    mine = [getattr(part.indicator.selection, name) for part in objective.parts]
    if not all(mine):  # one part takes every value
        return asked
    return _shared(dict.fromkeys(value for values in mine for value in values), asked)


def _shared(mine: Iterable[str], asked: Collection[str]) -> list[str]:
    mine = list(mine)
    return [value for value in mine if not asked or value in asked] if mine else list(asked)
