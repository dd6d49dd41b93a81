"""How budgets read: "spent 40 % of the month's budget in 6 h" instead of a bare factor. Pure.

No share is rounded to what it is not: 99.96 % is not 100 %, and 94.96 % against a target of 95 % is not 95 %.
"""

from datetime import timedelta
from fractions import Fraction

from slo.objectives import BurnAlert, RollingWindow, Window
from slo.periods import nominal_length

MOST_DIGITS = 6  # after the point: finer than one in a hundred million instances
UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def percent(share: Fraction, *apart_from: Fraction) -> str:
    """Return a share as "94.2 %": with one digit, or as many as tell it from 0, 1 and the shares named."""
    others = [other for other in (Fraction(0), Fraction(1), *apart_from) if other != share]
    enough = (
        digits
        for digits in range(1, MOST_DIGITS)
        if all(round(share * 100, digits) != round(other * 100, digits) for other in others)
    )
    return f"{_written(share * 100, next(enough, MOST_DIGITS))} %"


def plain(value: Fraction) -> str:
    """Return a number as one writes it: "14.4", "95", "0.333333"; three digits after the point from 1 on."""
    return _written(value, 3 if abs(value) >= 1 else MOST_DIGITS)


def _written(value: Fraction, digits: int) -> str:
    exact = round(value, digits)
    return f"{exact.numerator / exact.denominator:,.{MOST_DIGITS}f}".rstrip("0").rstrip(".")


def in_words(length: timedelta) -> str:
    """Return a length of time in its two largest units: "6 h", "3 d 12 h", "30 min"."""
    left, told = length // timedelta(seconds=1), list[str]()
    for size, unit in UNITS:
        count, left = divmod(left, size)
        told += [f"{count} {unit}"] if count else []
    return " ".join(told[:2]) or "0 s"


def budget_of(window: Window) -> str:
    """Return whose budget it is: "the month's budget", "the 2 weeks' budget", "the budget of 30 d"."""
    if isinstance(window, RollingWindow):
        return f"the budget of {in_words(window.length)}"
    return f"the {window.unit}'s budget" if window.count == 1 else f"the {window.count} {window.unit}s' budget"


def budget_share(rate: Fraction, over: timedelta, window: Window) -> Fraction:
    """Return which part of the window's budget is gone after burning at a rate for so long."""
    return rate * (over // timedelta(seconds=1)) / (nominal_length(window) // timedelta(seconds=1))


def spent_in(rate: Fraction, over: timedelta, window: Window) -> str:
    """Return what a burn rate means: "spent 40 % of the month's budget in 6 h"."""
    return f"spent {percent(budget_share(rate, over, window))} of {budget_of(window)} in {in_words(over)}"


def told_when(alert: BurnAlert, window: Window) -> str:
    """Return when an alert fires: "at a pace that spends 5 % of the month's budget in 6 h"."""
    share = percent(budget_share(alert.factor, alert.long, window))
    return f"at a pace that spends {share} of {budget_of(window)} in {in_words(alert.long)}"
