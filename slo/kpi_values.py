"""From what is counted to a figure. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from slo.kpi_definitions import KpiDefinition


@dataclass(frozen=True)
class Measured:
    """A figure of one value (`key`) of a breakdown, or of all (""); the other fields as those of a KPI."""

    key: str
    value: float | None
    numerator: int
    denominator: int
    lacking: int
    at_least: float | None
    amounts: dict[str, Decimal]
    amounts_of: dict[str, Decimal]


def nothing() -> Measured:
    """Return the figure of no items at all."""
    return Measured("", None, 0, 0, 0, None, {}, {})


def valued(definition: KpiDefinition, row: Mapping[str, Any], days: int) -> Measured:
    """Return the figure that a row of its query gives; `days` are those of purchases."""
    amounts, amounts_of = _told(row.get("amounts", {})), _told(row.get("amounts_of", {}))
    numerator, denominator = int(row["numerator"]), int(row["denominator"])
    values = {
        "share": numerator / denominator if denominator else None,
        "count": float(numerator) if denominator else None,
        "days_owed": days_owed(amounts, amounts_of, days),
    }
    return Measured(
        key=row["key"],
        value=values[definition.measure] if definition.measure in values else _in(definition.unit, row["value"]),
        numerator=numerator,
        denominator=denominator,
        lacking=int(row.get("lacking", 0)),
        at_least=_in(definition.unit, row.get("at_least")),
        amounts=amounts,
        amounts_of=amounts_of,
    )


def days_owed(owed: Mapping[str, Decimal], bought: Mapping[str, Decimal], days: int) -> float | None:
    """Return for how many days of purchases payment is outstanding; None in several currencies, or of no purchases."""
    currencies = {*owed, *bought}
    if len(currencies) != 1:
        return None
    (currency,) = currencies
    return float(owed.get(currency, Decimal(0)) / bought[currency] * days) if bought.get(currency) else None


def _in(unit: str, days: float | None) -> float | None:
    return None if days is None else days * 24 if unit == "hours" else days


def _told(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {currency: amount for currency, amount in sorted(amounts.items()) if amount}
