"""What a changed model differs in from the one before, and what has to be derived anew for it. Pure.

Titles, owners, needs and milestones are read when somebody asks; a handoff rests on its own definition alone; all else
(which objects attach to which) is what journeys are made of.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from correlator.model import JourneyModel

# Read from the model whenever they are shown or a cause is sought: nothing that is stored rests on them.
ASKED_OF_THE_MODEL = {"version", "title", "milestones"}
ASKED_OF_AN_OBJECT = {"title"}
ASKED_OF_A_HANDOFF = {"title", "owner", "awaits", "needs"}


@dataclass(frozen=True)
class Change:
    """What differs, as places of the model; and the handoffs to derive anew, None for everything."""

    what: tuple[str, ...]
    handoffs: tuple[str, ...] | None = ()

    @property
    def derived(self) -> str:
        """What is derived anew, in words."""
        if self.handoffs is None:
            return "everything"
        return f"handoffs: {', '.join(self.handoffs)}" if self.handoffs else "nothing"


def between(former: JourneyModel, model: JourneyModel) -> Change:
    """Return what differs between two versions of a model."""
    before, now = former.model_dump(mode="json"), model.model_dump(mode="json")
    parts = [
        *_differences("", _but(before, "objects", "handoffs"), _but(now, "objects", "handoffs"), ASKED_OF_THE_MODEL),
        *_of_each("objects", before, now, ASKED_OF_AN_OBJECT),
    ]
    handoffs = list(_of_each("handoffs", before, now, ASKED_OF_A_HANDOFF))
    what = tuple(place for place, _ in (*parts, *handoffs))
    if any(counts for _, counts in parts):
        return Change(what, None)
    return Change(what, tuple(dict.fromkeys(re.split("[. ]", place)[1] for place, counts in handoffs if counts)))


def beside_the_model(former: str, definitions: str) -> tuple[str, ...]:
    """Return what else differs of what two runs derived by, each told as "edition/names@view:fingerprint:registry"."""
    (before, _, known), (now, _, registered) = ((*each.split(":", 2), "", "")[:3] for each in (former, definitions))
    differing = zip(
        ("edition", "names", "registry or calendars"),
        (*before.partition("/")[::2], known),
        (*now.partition("/")[::2], registered),
        strict=True,
    )
    return tuple(what for what, old, new in differing if old != new)


def _but(content: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in keys}


def _of_each(
    part: str, before: Mapping[str, Any], now: Mapping[str, Any], asked: set[str]
) -> Iterator[tuple[str, bool]]:
    for key in dict.fromkeys([*before[part], *now[part]]):
        place = f"{part}.{key}"
        if key in before[part] and key in now[part]:
            yield from _differences(f"{place}.", before[part][key], now[part][key], asked)
        else:
            yield f"{place} ({'new' if key in now[part] else 'gone'})", True


def _differences(
    at: str, before: Mapping[str, Any], now: Mapping[str, Any], asked: set[str]
) -> Iterator[tuple[str, bool]]:
    """Yield each place that differs, and whether what is derived rests on it."""
    for key in dict.fromkeys([*before, *now]):
        if before.get(key) != now.get(key):
            yield f"{at}{key}", key not in asked
