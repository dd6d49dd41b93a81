"""What the page of a long journey shows: an order of thousands of invoices is no page. The API has all of it. Pure."""

from collections.abc import Sequence
from itertools import groupby

from core.vocabulary import ObjectRef
from correlator.journeys import HandoffInstance

# More than anyone reads; all that 3,000 invoices have made a page of 17 MB.
MOST_HANDOFFS = 500
MOST_DOCUMENTS = 200  # of a type


def telling(handoffs: Sequence[HandoffInstance], most: int = MOST_HANDOFFS) -> tuple[HandoffInstance, ...]:
    """Return the most telling handoffs in their order: first what is stalled, then open, then what opened last."""
    if len(handoffs) <= most:
        return tuple(handoffs)
    places = sorted(range(len(handoffs)), key=lambda place: _rank(handoffs[place]))[:most]
    return tuple(handoffs[place] for place in sorted(places))


def documents(members: Sequence[ObjectRef], most: int = MOST_DOCUMENTS) -> list[tuple[str, tuple[ObjectRef, ...], int]]:
    """Return (type, the first of its documents, how many there are) of the members of a journey, by type."""
    by_type = groupby(sorted(members, key=lambda member: member.type), key=lambda member: member.type)
    found = [(kind, tuple(group)) for kind, group in by_type]
    return [(kind, group[:most], len(group)) for kind, group in found]


def _rank(handoff: HandoffInstance) -> tuple[bool, bool, float]:
    """Of two that are stalled the one that was due first is more telling; of others the one that opened last."""
    since = handoff.due_at.timestamp() if handoff.stalled and handoff.due_at else -handoff.opened_at.timestamp()
    return not handoff.stalled, handoff.state != "open", since
