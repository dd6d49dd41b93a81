"""The URL is the state: every link on a page is the present address with something added, removed or replaced."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote, urlencode

from core.filters import DIMENSIONS
from core.vocabulary import ObjectRef
from correlator.causes import Evidence

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Address:
    """A path and its query, in order. Each method returns a new address that starts again at the first page."""

    path: str
    pairs: Pairs = ()

    @classmethod
    def of(cls, path: str, pairs: Iterable[tuple[str, str]]) -> Self:
        """Return the address without empty parameters."""
        return cls(path, tuple((key, value) for key, value in pairs if value))

    def __str__(self) -> str:
        """Return the address as it stands in a link."""
        return f"{self.path}?{urlencode(self.pairs)}" if self.pairs else self.path

    @property
    def moment(self) -> str:
        """The instant that the page is asked for, as it was written; "" for now."""
        return next((value for key, value in self.pairs if key == "as_of"), "")

    def adding(self, key: str, value: str) -> Self:
        """Return the address with one more value of a filter."""
        kept = self._without_page()
        return replace(self, pairs=kept if (key, value) in kept else (*kept, (key, value)))

    def removing(self, key: str, value: str) -> Self:
        """Return the address without that value of a filter."""
        return replace(self, pairs=tuple(pair for pair in self._without_page() if pair != (key, value)))

    def setting(self, key: str, *values: str) -> Self:
        """Return the address where a parameter has just these values."""
        kept = tuple(pair for pair in self._without_page() if pair[0] != key)
        return replace(self, pairs=(*kept, *((key, value) for value in values)))

    def elsewhere(self, path: str, *, only: Iterable[str] = (*DIMENSIONS, "as_of")) -> Self:
        """Return another page under the same filters (and moment)."""
        names = set(only)
        return replace(self, path=path, pairs=tuple(pair for pair in self.pairs if pair[0] in names))

    def cleared(self) -> Self:
        """Return the address without any filter, but with its moment."""
        return self.elsewhere(self.path, only=("as_of", "sort"))

    def _without_page(self) -> Pairs:
        return tuple(pair for pair in self.pairs if pair[0] != "cursor")


def object_path(ref: ObjectRef, moment: str = "", model: str = "") -> str:
    """Return the page that finds an object's journeys, as of a moment, of one model or all."""
    pairs = [("as_of", moment), ("model", model)]
    return str(Address.of(f"/objects/{quote(ref.type, safe='')}/{quote(ref.id, safe='')}", pairs))


def journey_path(ref: ObjectRef) -> str:
    """Return the page of a journey."""
    return f"/journeys/{quote(ref.type, safe='')}/{quote(ref.id, safe='')}"


def family_path(ref: ObjectRef) -> str:
    """Return the page of a journey's family."""
    return f"/families/{quote(ref.type, safe='')}/{quote(ref.id, safe='')}"


def model_path(name: str) -> str:
    """Return the page of a journey model."""
    return f"/models/{quote(name, safe='')}"


def objective_path(name: str) -> str:
    """Return the page of an objective."""
    return f"/objectives/{quote(name, safe='')}"


def event_path(event_id: str, integration: str = "", moment: str = "") -> str:
    """Return the page of an event, going on as of a moment; without its integration, of all that have this id."""
    pairs = [("integration", integration), ("as_of", moment)]
    return str(Address.of(f"/events/{quote(event_id, safe='')}", pairs))


def trace_path(trace_id: str, span_id: str = "", moment: str = "") -> str:
    """Return the page of a trace, at one of its spans, as of a moment."""
    address = Address.of(f"/traces/{quote(trace_id, safe='')}", [("as_of", moment)])
    return str(address) + (f"#span-{quote(span_id, safe='')}" if span_id else "")


def evidence_path(evidence: Evidence, moment: str = "") -> str:
    """Return the page that shows the fact as of a moment: the event, the span, who is silent, what waits for it."""
    if evidence.kind == "event":
        return event_path(evidence.event_id, evidence.integration, moment)
    if evidence.kind == "span":
        return trace_path(evidence.trace_id, evidence.span_id, moment)
    if evidence.kind == "missing" and evidence.object:
        return object_path(evidence.object, moment)
    anchor = f"#integration-{quote(evidence.integration, safe='')}"
    return str(Address.of("/integrations", [("as_of", moment)])) + anchor
