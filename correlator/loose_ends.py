"""What of a journey model does not hang together: names that nobody answers to, and ways that lead nowhere.

Judged on the plain content of a model, sound or not, so that one mistake hides no other. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from core.problems import LooseEnd, one_of
from core.strict_yaml import Place
from correlator.loose_conditions import loose_condition

ROLES = ("start", "stop", "cancel", "pause", "resume", "reopen_on")


def loose_ends(content: object) -> list[LooseEnd]:
    """Return each place that does not hang together with the rest, and how to mend it."""
    model = _mapping(content)
    anchor, kinds = model.get("anchor"), model.get("objects")
    if not (isinstance(anchor, str) and isinstance(kinds, Mapping)):
        return []  # what is missing or of another kind is told by whoever reads the fields
    objects = {str(key): _mapping(kind) for key, kind in kinds.items()}
    parents = {key: _texts(kind.get("attaches_via")) for key, kind in objects.items()}
    return [
        *_anchor(anchor, parents),
        *_attachments(anchor, parents),
        *_circles(anchor, parents),
        *_references(objects, parents),
        *_handoffs(model.get("handoffs"), parents),
    ]


def _anchor(anchor: str, parents: Mapping[str, list[str]]) -> Iterator[LooseEnd]:
    if anchor not in parents:
        yield ("anchor",), f"the anchor {anchor!r} is not among the objects{one_of(anchor, parents)}"
    elif parents[anchor]:
        reason = f"the anchor {anchor!r} may not attach to anything; remove its attaches_via"
        yield ("objects", anchor, "attaches_via"), reason


def _attachments(anchor: str, parents: Mapping[str, list[str]]) -> Iterator[LooseEnd]:
    for key, types in parents.items():
        for index, parent in enumerate(types):
            if parent not in parents:
                reason = f"names {parent!r}, which is not among the objects{one_of(parent, parents)}"
                yield ("objects", key, "attaches_via", index), reason
            elif parent in types[:index]:
                yield ("objects", key, "attaches_via", index), f"names {parent!r} twice; keep one"
        if not types and key != anchor and anchor in parents:
            yield ("objects", key), "reaches no anchor; give it attaches_via, or remove it"


def _circles(anchor: str, parents: Mapping[str, list[str]]) -> Iterator[LooseEnd]:
    left = {key: [each for each in types if each in parents] for key, types in parents.items() if key != anchor}
    while circle := _circle(left):
        child, parent = circle[0], circle[1]
        reason = f"goes round in a circle: {' → '.join(circle)}; take one of these steps out"
        yield ("objects", child, "attaches_via"), reason
        left[child] = [each for each in left[child] if each != parent]


def _circle(parents: Mapping[str, list[str]]) -> list[str]:
    """Return the types of a circle from child to parent, the first once more at the end; none: an empty list."""
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        return [str(key) for key in error.args[1]][::-1]
    return []


def _references(objects: Mapping[str, Mapping[str, Any]], parents: Mapping[str, list[str]]) -> Iterator[LooseEnd]:
    for key, kind in objects.items():
        for attribute, other in _mapping(kind.get("references")).items():
            if isinstance(other, str) and other not in parents:
                reason = f"names {other!r}, which is not among the objects{one_of(other, parents)}"
                yield ("objects", key, "references", attribute), reason
            elif isinstance(other, str) and other not in parents[key] and key not in parents[other]:
                reason = f"names {other!r}, but neither attaches to the other; add it to an attaches_via"
                yield ("objects", key, "references", attribute), reason


def _handoffs(handoffs: object, parents: Mapping[str, list[str]]) -> Iterator[LooseEnd]:
    for key, raw in _mapping(handoffs).items():
        handoff = _mapping(raw)
        yield from _on(("handoffs", key), handoff, parents)
        yield from _linked(("handoffs", key), handoff, parents)
        needs = handoff.get("needs")
        for index, need in enumerate(needs if isinstance(needs, list | tuple) else ()):
            yield from _on(("handoffs", key, "needs", index), _mapping(need), parents)


def _on(place: Place, holder: Mapping[str, Any], known: Iterable[str]) -> Iterator[LooseEnd]:
    on = holder.get("on")
    if isinstance(on, str) and on not in known:
        yield (*place, "on"), f"is on {on!r}, which is not among the objects{one_of(on, known)}"


def _linked(place: Place, handoff: Mapping[str, Any], parents: Mapping[str, list[str]]) -> Iterator[LooseEnd]:
    on = handoff.get("on")
    if not isinstance(on, str) or on not in parents:
        return
    for role in ROLES:
        conditions = handoff.get(role)
        for index, condition in enumerate(conditions if isinstance(conditions, list | tuple) else ()):
            for key, reason in loose_condition(on, _mapping(condition), parents):
                yield (*place, role, index, key), reason


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []
