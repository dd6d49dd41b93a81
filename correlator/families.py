"""Families: the journeys that hang together through the objects they share. A view; the journey stays the unit.

Found by rounds, each one set operation: the journeys that share an object with those found in the round before. What is
followed is bounded, so that a payment run over thousands of invoices is summarised, not listed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.clickhouse import Database
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.naming import journey_row
from correlator.own_names import OwnNames

FOLLOWED = 5000  # journeys whose own neighbours are looked for: a second's work
ROUNDS = 50
SHOWN = 50
NAMED = 10  # journeys named of each shared object
BOUND_BYTES = 40_000  # of bound values; a server takes 128 KiB of them, and each is written out with quotes


@dataclass(frozen=True)
class SharedObject:
    """An object that the journey shares: with how many others, and the first of them."""

    object: ObjectRef
    others: int
    named: tuple[ObjectRef, ...]


@dataclass(frozen=True)
class Relative:
    """Another journey of the family; `distance`: over how many shared objects it is reached."""

    root: ObjectRef
    distance: int
    facility: str
    supplier: str
    amount: Decimal | None
    currency: str
    first_event_at: datetime | None


@dataclass(frozen=True)
class Family:
    """A connected component of the journeys of a model, seen from one of them. Amounts are of these, by currency.

    `journeys` counts this one too; not `complete`: there are more. `nearest` are some of the others, the nearest first.
    """

    root: ObjectRef
    journeys: int
    complete: bool
    amounts: dict[str, Decimal]
    facilities: tuple[str, ...]
    shared: tuple[SharedObject, ...]
    nearest: tuple[Relative, ...]
    model: str = ""


class Families:
    """Answers about families as of an instant; objects and journeys not heard of by then do not join any."""

    def __init__(
        self,
        database: Database,
        models: Sequence[str] = (),
        *,
        names: OwnNames | None = None,
        followed: int = FOLLOWED,
    ) -> None:
        """`models` in their order; `followed`: journeys whose neighbours are looked for, the others are not counted."""
        self._database, self._models, self._followed = database, models, followed
        self._names = names or OwnNames()

    def shared(self, root: ObjectRef, as_of: datetime, model: str) -> tuple[SharedObject, ...]:
        """Return what a journey of a model shares with others of it, the most shared first."""
        named = {"model": model, "root_type": root.type, "root_id": root.id}
        rows = self._rows("family_shared", **named, as_of=as_of, named=NAMED, limit=SHOWN)
        return tuple(
            SharedObject(
                ObjectRef(row["object_type"], row["object_id"]),
                row["others"],
                tuple(ObjectRef(*other) for other in row["named"]),
            )
            for row in rows
        )

    def family(self, root: ObjectRef, as_of: datetime, model: str = "") -> Family:
        """Return the family of a journey, whichever of its root's ids is given: that of `model`, else as a journey is.

        Raises NotFoundError where there is no such journey as of then.
        """
        found = journey_row(self._rows, self._names.ref_of(root), as_of, model, self._models)
        start = _relative(found, 0)
        root = start.root
        relatives = {root: start}
        complete = self._follow(relatives, found["model"], as_of)
        amounts: dict[str, Decimal] = {}
        for each in relatives.values():
            if each.amount:
                amounts[each.currency] = amounts.get(each.currency, Decimal(0)) + each.amount
        others = sorted(
            (each for each in relatives.values() if each.distance), key=lambda each: (each.distance, each.root)
        )
        return Family(
            root=root,
            journeys=len(relatives),
            complete=complete,
            amounts=dict(sorted(amounts.items())),
            facilities=tuple(sorted({each.facility for each in relatives.values()} - {""})),
            shared=self.shared(root, as_of, found["model"]),
            nearest=tuple(others[:SHOWN]),
            model=found["model"],
        )

    def _follow(self, relatives: dict[ObjectRef, Relative], model: str, as_of: datetime) -> bool:
        """Add what is reached from them, round by round; return whether that is all."""
        newest = list(relatives)
        for distance in range(1, ROUNDS + 1):
            if len(relatives) > self._followed:
                return False
            reached = [
                _relative(row, distance)
                for some in _bindable(newest)
                for row in self._rows("family_neighbours", model=model, roots=some, as_of=as_of)
            ]
            newest = [
                each.root for each in {each.root: each for each in reached}.values() if each.root not in relatives
            ]
            relatives.update({each.root: each for each in reached if each.root not in relatives})
            if not newest:
                return True
        return False

    def _rows(self, name: str, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(sql("correlator", name), **values)


def _bindable(roots: list[ObjectRef]) -> Iterator[list[tuple[str, str]]]:
    """Yield roots in pieces that a server takes as a bound value."""
    piece: list[tuple[str, str]] = []
    size = 0
    for root in roots:
        piece.append((root.type, root.id))
        size += len(root.type.encode()) + len(root.id.encode()) + 8
        if size > BOUND_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _relative(row: dict[str, Any], distance: int) -> Relative:
    root = ObjectRef(row["root_type"], row["root_id"])
    fields = ("facility", "supplier", "amount", "currency", "first_event_at")
    return Relative(root, distance, *(row[name] for name in fields))
