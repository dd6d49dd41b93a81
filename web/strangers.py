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

    `seen` returns the values that facts name: each of those can be asked for, whatever is defined.
    """

    registry: Known
    handoffs: Collection[str]
    seen: Callable[[], Mapping[str, Collection[str]]]

    def strangers(self, filters: Filters, dimensions: Collection[str] = DIMENSIONS) -> Iterator[str]:
        """Yield a sentence on each value that nothing can have: "no facility is called 'MWETS'; near it: 'MWEST'".

        Suppliers, categories and departments are free text of facts. So are facilities where none is registered, and
        handoffs where no model is known.
        """
        for dimension in (name for name in CALLED if name in dimensions):
            words = self._words(dimension)
            for value in getattr(filters, dimension) if words else ():
                known_by = value.partition(":")[0] if dimension == "cause" else value  # of a signature the code
                if known_by not in words.values() and value not in self.seen().get(dimension, ()):
                    yield f"{CALLED[dimension]} {value[:60]!r}{_near(value, words)}"

    def _words(self, dimension: str) -> Mapping[str, str]:
        """Return the values of a dimension by every word that somebody may have for one, in lower case."""
        if dimension == "facility":
            known = self.registry.facilities.items()
            return {word.lower(): key for key, each in known for word in (each.name, *each.aliases, key)}
        values = {"criticality": get_args(Criticality), "handoff": self.handoffs, "cause": CAUSES}[dimension]
        return {value.lower(): value for value in values}


def _near(value: str, words: Mapping[str, str]) -> str:
    near = get_close_matches(value.lower(), list(words), n=NEAREST, cutoff=LIKE_ENOUGH)
    found = dict.fromkeys(words[word] for word in near)
    return f"; near it: {', '.join(map(repr, found))}" if found else ""
