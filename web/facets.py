"""The filter bar: for each dimension what can be chosen and what is, with an address for every change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.filters import DIMENSIONS, Filters
from web.links import Address

TITLES = {
    "facility": "Facility",
    "supplier": "Supplier",
    "spend_category": "Category",
    "department": "Department",
    "criticality": "Criticality",
    "handoff": "Handoff",
    "cause": "Cause",
}


@dataclass(frozen=True)
class Facet:
    """One dimension: the values on offer and those chosen."""

    dimension: str
    title: str
    options: tuple[str, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    dimension: str
    title: str
    value: str
    without: Address


def facets(
    choices: Mapping[str, Sequence[str]], filters: Filters, dimensions: tuple[str, ...] = DIMENSIONS
) -> list[Facet]:
    """Return the dimensions in order; a chosen value stays on offer even where nothing has it any more."""
    found = []
    for dimension in dimensions:
        chosen: tuple[str, ...] = getattr(filters, dimension)
        options = dict.fromkeys([*(value for value in choices.get(dimension, ()) if value), *chosen])
        found.append(Facet(dimension, TITLES[dimension], tuple(options), chosen))
    return found


def chips(address: Address, dimensions: tuple[str, ...] = DIMENSIONS) -> list[Chip]:
    """Return the filters in force, in the order of the address."""
    return [
        Chip(key, TITLES[key], value, address.removing(key, value)) for key, value in address.pairs if key in dimensions
    ]
