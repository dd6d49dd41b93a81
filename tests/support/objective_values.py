"""Objectives as values, with defaults, for tests that evaluate them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from slo.objectives import BurnAlert, Indicator, Objective, Part, RollingWindow, Selection

MODEL = "procure-to-pay"
FAST = BurnAlert("fast", "page", timedelta(hours=6), timedelta(minutes=30), Fraction(6))


def make_selection(handoff: str | Sequence[str] = "invoice_to_match", **changes: Any) -> Selection:
    handoffs = (handoff,) if isinstance(handoff, str) else tuple(handoff)
    return replace(Selection(MODEL, handoffs), **changes)


def make_part(
    handoff: str | Sequence[str] = "invoice_to_match",
    target: Fraction = Fraction(9, 10),
    weight: int = 1,
    *,
    selecting: dict[str, Any] | None = None,
    **changes: Any,
) -> Part:
    name = handoff if isinstance(handoff, str) else "-".join(handoff)
    indicator = Indicator(name, name.replace("_", " "), make_selection(handoff, **(selecting or {})))
    return Part(replace(indicator, **changes), target, Fraction(weight))


def make_objective(*parts: Part, **changes: Any) -> Objective:
    """Return an objective over 30 rolling days: nine invoices of ten are matched in time."""
    made = Objective(
        name="invoices-matched",
        title="Invoices are matched in time",
        description="Nine of ten.",
        service="accounts-payable",
        owner="AP team",
        method="Occurrences",
        slice=None,
        slice_target=None,
        window=RollingWindow(timedelta(days=30)),
        parts=parts or (make_part(),),
        alerts=(FAST,),
        file=Path("objectives.yaml"),
        line=1,
    )
    return replace(made, **changes)
