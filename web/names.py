"""What things are called: names from the registry where it has them, readable keys where it has not."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.registry import Known
from web.causes import cause_title
from web.words import humanise


@dataclass(frozen=True)
class Names:
    """Names of facilities, integrations and handoffs, and labels of filter values."""

    registry: Known
    handoffs: Mapping[str, str]

    def facility(self, key: str) -> str:
        """Return a facility's name, else its key."""
        known = self.registry.facilities.get(key)
        return known.name if known else key

    def integration(self, key: str) -> str:
        """Return an integration's name, else its key."""
        known = self.registry.integrations.get(key)
        return known.name if known else key

    def label(self, dimension: str, value: str) -> str:
        """Return how a filter's value reads."""
        if dimension == "facility":
            return self.facility(value)
        if dimension == "cause":
            return cause_title(value)
        if dimension == "criticality":
            return value.capitalize()
        if dimension == "handoff":
            return self.handoffs.get(value) or humanise(value)
        return humanise(value) if dimension == "spend_category" else value
