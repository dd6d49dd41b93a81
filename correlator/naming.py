"""The ids of an object: its own, which everything derived speaks of, and those it has in other systems."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.vocabulary import ObjectRef

Rows = Callable[..., list[dict[str, Any]]]  # runs a query of this room by its name


@dataclass(frozen=True)
class OtherIds:
    """The further ids of an object, beside its own."""

    object: ObjectRef
    ids: tuple[str, ...]


def ids_of(rows: Rows, ref: ObjectRef) -> OtherIds:
    """Return the object under its own id, whichever of its ids is given, with the others it has."""
    found = [row["id"] for row in rows("object_ids", object_type=ref.type, object_id=ref.id)]
    return OtherIds(ObjectRef(ref.type, found[0]), tuple(found[1:])) if found else OtherIds(ref, ())


def journey_rows(rows: Rows, root: ObjectRef, **values: Any) -> list[dict[str, Any]]:
    """Return the journeys of a root, whichever of its ids is given: one of each model that knows it.

    First is that of the model whose anchor it is: to all others it is provisional.
    """
    found = rows("journey", root_type=root.type, root_id=root.id, **values)
    if not found and (own := ids_of(rows, root).object) != root:
        found = rows("journey", root_type=own.type, root_id=own.id, **values)
    return found
