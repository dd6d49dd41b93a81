"""Values of filters that nothing can have: of what is defined. What facts alone can tell may come, and is never one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from core.filters import DIMENSIONS, Filters
from core.problems import LIKE_ENOUGH
from core.registry import Known
from core.vocabulary import Criticality
from correlator.causes import CAUSES

NEAREST = 3
CALLED = {
    "facility": "no facility is called",
    "criticality": "no criticality is called",
    "handoff": "no handoff of the models is called",
    "cause": "no cause is called",
}


@dataclass(frozen=True)
class Defined:
    """What filters can be set to, as far as that is defined: by the registry, the journey models and our own words.

    What is not defined can be asked for where `held` returns it (correlator.held_values.HeldValues.held), or where an
    objective selects it: `selected` returns those values by dimension. Neither is asked of what is defined.
    """

    registry: Known
    handoffs: Collection[str]
    held: Callable[[str, Collection[str]], Collection[str]]
    selected: Callable[[], Mapping[str, Collection[str]]]

    def strangers(self, filters: Filters, dimensions: Collection[str] = DIMENSIONS) -> Iterator[str]:
        """Yield a sentence on each value that nothing can have: "no facility is called 'MWETS'; near it: 'MWEST'".

        Suppliers, categories and departments are free text of facts. So are facilities where none is registered, and
        handoffs where no model is known.
        """
        for dimension in (name for name in CALLED if name in dimensions):
            words = self._words(dimension)
            undefined = [
                value for value in getattr(filters, dimension) if words and not _among(words, dimension, value)
            ]
            for value in self._unheard(dimension, undefined):
                yield f"{CALLED[dimension]} {value[:60]!r}{_near(value, words)}"

    def _unheard(self, dimension: str, values: list[str]) -> list[str]:
        """Return those of the values that the store does not hold and no objective selects."""
        known = self.held(dimension, values) if values else ()
        left = [value for value in values if value not in known]
        selected = self.selected().get(dimension, ()) if left else ()
        return [value for value in left if value not in selected]

    def _words(self, dimension: str) -> Mapping[str, str]:
        """Return the values of a dimension by every word that somebody may have for one, in lower case."""
        if dimension == "facility":
            known = self.registry.facilities.items()
            return {word.lower(): key for key, each in known for word in (each.name, *each.aliases, key)}
        values = {"criticality": get_args(Criticality), "handoff": self.handoffs, "cause": CAUSES}[dimension]
        return {value.lower(): value for value in values}


def _among(words: Mapping[str, str], dimension: str, value: str) -> bool:
    known_by = value.partition(":")[0] if dimension == "cause" else value  # of a signature the code
    return known_by in words.values()


def _near(value: str, words: Mapping[str, str]) -> str:
    near = get_close_matches(value.lower(), list(words), n=NEAREST, cutoff=LIKE_ENOUGH)
    found = dict.fromkeys(words[word] for word in near)
    return f"; near it: {', '.join(map(repr, found))}" if found else ""
