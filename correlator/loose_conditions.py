"""What of a handoff's condition leads nowhere: objects that are not linked with the handoff's, ways that no links take.

Judged on the plain content of a condition. What is wrong in itself is told by whoever reads it: then nothing is said
here of what it would mean. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from core.problems import one_of
from correlator.conditions import KEY, LinkedEvent

Parents = Mapping[str, list[str]]  # each type of a model, to those that it attaches to


def loose_condition(on: str, condition: Mapping[str, Any], parents: Parents) -> Iterator[tuple[str, str]]:
    """Yield the key of a condition that does not hang together with the rest, and how to mend it.

    `on` is what its handoff is on, and among the `parents`.
    """
    of = condition.get("of")
    if not _is_key(of):
        return
    if of not in parents:
        yield "of", f"names {of!r}, which is not among the objects{one_of(of, parents)}"
    elif condition.keys() <= LinkedEvent.model_fields.keys():
        if "through" not in condition:
            yield from (("of", reason) for reason in _directly(on, of, parents))
        elif _is_key(condition["through"]):
            yield from _through(on, condition["through"], of, parents)


def _directly(on: str, of: str, parents: Parents) -> Iterator[str]:
    if of == on:
        yield f"{on!r} is what the handoff is on itself; write the event alone, without of"
    elif not _attached(on, of, parents):
        between = [each for each in parents if _leads(on, each, of, parents)]
        way = f"look through {' or '.join(between)} (through: {between[0]}), or " if between else ""
        yield f"names {of!r}, but neither {on} nor {of} attaches to the other; {way}add it to an attaches_via"


def _through(on: str, through: str, of: str, parents: Parents) -> Iterator[tuple[str, str]]:
    if through not in parents:
        yield "through", f"names {through!r}, which is not among the objects{one_of(through, parents)}"
    elif of == on:
        own = f"{on!r} is what the handoff is on itself, and other objects of its own type cannot be looked at"
        yield "of", f"{own}; name another type"
    elif through in {on, of}:
        yield "through", f"{through!r} is one of the two that it should lead between; remove it"
    elif not _leads(on, through, of, parents):
        yield "through", _dead_end(on, through, of, parents)


def _dead_end(on: str, through: str, of: str, parents: Parents) -> str:
    strangers = [each for each in (on, of) if not _attached(each, through, parents)]
    if strangers:
        return (
            f"names {through!r}, but neither {strangers[0]} nor {through} attaches to the other; add it to an"
            " attaches_via"
        )
    return (
        f"names {through!r}, which attaches to both {on} and {of}: what is below two objects brings them into"
        f" no journey together; lead through what {on} or {of} attaches to"
    )


def _leads(on: str, through: str, of: str, parents: Parents) -> bool:
    """Whether objects of a type bring those of two others into a journey together."""
    linked = all(_attached(each, through, parents) for each in (on, of))
    return linked and through in {*parents[on], *parents[of]}


def _attached(one: str, other: str, parents: Parents) -> bool:
    return one in parents[other] or other in parents[one]


def _is_key(given: object) -> TypeGuard[str]:
    return isinstance(given, str) and re.fullmatch(KEY, given) is not None
