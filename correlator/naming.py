"""The ids of an object: its own, which everything derived speaks of, and those it has in other systems."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import NotFoundError
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


def journey_rows(rows: Rows, root: ObjectRef, as_of: datetime, models: Sequence[str]) -> list[dict[str, Any]]:
    """Return the journeys of a root, whichever of its ids is given: one of each model that knows it.

    First are those of models whose anchor it is, to all others it is provisional; of these the first of `models`.
    """
    asked = {"as_of": as_of, "models": list(models)}
    found = rows("journey", root_type=root.type, root_id=root.id, **asked)
    if not found and (own := ids_of(rows, root).object) != root:
        found = rows("journey", root_type=own.type, root_id=own.id, **asked)
    place = {model: number for number, model in enumerate(models)}
    return sorted(found, key=lambda row: (row["provisional"], place.get(row["model"], len(place)), row["model"]))


def journey_row(rows: Rows, root: ObjectRef, as_of: datetime, model: str, models: Sequence[str]) -> dict[str, Any]:
    """Return the journey of a root in a model, or the first where none is named. Raises NotFoundError."""
    found = journey_rows(rows, root, as_of, models)
    return one_of(found, root, as_of, model)


def one_of(found: list[dict[str, Any]], root: ObjectRef, as_of: datetime, model: str) -> dict[str, Any]:
    """Return the first journey found that is of a model, or of any where none is named. Raises NotFoundError.

    Unless its model is named, a provisional one is not what is meant where another model knows of an anchor.
    """
    for row in found:
        if model == row["model"] or not (model or row["is_held"]):
            return row
    of = f" of the model {model!r}" if model else ""
    message = f"there is no journey {root}{of} as of {as_of:%Y-%m-%d %H:%M} UTC"
    raise NotFoundError(message)
