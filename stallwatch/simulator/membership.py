"""Which objects belong to which journeys, from the relations that the scripts themselves noted."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from core.vocabulary import ObjectRef
from stallwatch.simulator.records import Dimensions, JourneyTruth, Relation

ANCHORS = frozenset({"purchase_order", "supplier_record"})
Parents = dict[ObjectRef, set[ObjectRef]]


def parents_at(relations: Iterable[Relation], as_of: datetime) -> Parents:
    """Return what each object is attached under at `as_of`."""
    parents: Parents = defaultdict(set)
    for relation in relations:
        if relation.since <= as_of:
            parents[relation.child].add(relation.parent)
    return dict(parents)


def journeys_at(dimensions: dict[ObjectRef, Dimensions], parents: Parents) -> tuple[JourneyTruth, ...]:
    """List every journey: its root is attached under nothing, its members under the root at any depth."""
    members: dict[ObjectRef, set[ObjectRef]] = defaultdict(set)
    for each in dimensions:
        for root in _roots(each, parents):
            members[root].add(each)
    return tuple(
        JourneyTruth(
            id=str(root),
            provisional=root.type not in ANCHORS,
            flow_type=dimensions[root].flow_type,
            facility=dimensions[root].facility,
            members=tuple(sorted(map(str, members[root]))),
        )
        for root in sorted(members)
    )


def _roots(each: ObjectRef, parents: Parents) -> set[ObjectRef]:
    above = parents.get(each)
    return {root for parent in above for root in _roots(parent, parents)} if above else {each}
