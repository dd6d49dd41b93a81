"""The slices in which a run gathers what events say of its objects: of a rebuild many, so that memory is bound.

Each is a stretch of the objects in their order: its statements read a stretch of each table sorted by object, and
what they write lies in parts that do not overlap. Asked for a key, the engine looks into one of them.
"""

from collections.abc import Sequence
from itertools import pairwise

from correlator.links import Rows

Slice = dict[str, str]  # what correlator/sql/in_slice.sql binds
SAMPLED_OF_A_SLICE = 1_000  # enough that hardly a slice is more than a tenth too large
END = ("", "")


def slices_of(rows: Rows, objects_a_slice: int, *, whole: bool) -> list[Slice]:
    """Return the slices of a run's objects, of about so many each; one that has no ends where it follows a tick."""
    if not whole or rows("count_run_objects")[0]["objects"] <= objects_a_slice:
        return [_between(END, END)]
    one_of = max(1, objects_a_slice // SAMPLED_OF_A_SLICE)
    found = rows("slice_bounds", one_of=one_of, most=objects_a_slice // one_of)
    return cut([(row["object_type"], row["object_id"]) for row in found])


def cut(bounds: Sequence[tuple[str, str]]) -> list[Slice]:
    """Return the slices between these objects, each of which begins one; the first and the last have no end."""
    return [_between(since, until) for since, until in pairwise((END, *bounds, END))]


def _between(since: tuple[str, str], until: tuple[str, str]) -> Slice:
    return {"from_type": since[0], "from_id": since[1], "until_type": until[0], "until_id": until[1]}


def may_hold(slice_: Slice, object_type: str) -> bool:
    """Whether objects of the type may lie in the slice."""
    return slice_["from_type"] <= object_type and (not slice_["until_type"] or object_type <= slice_["until_type"])
