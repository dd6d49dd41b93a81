"""Small worlds of facts, many in one database: each has ids of its own, so that what one tick derives checks them all.

A world is drawn with ids such as "1"; told, its ids start with digits of its batch, its copy and itself, all of one
length, so that ids sort as they did. What is derived of a copy is read back without what names batch and copy: copies of
a batch are then equal where the correlator is. Counted are worlds, not the batches they come in.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

from hypothesis import strategies as st
from support.facts import MONDAY, Fact, Ref, SpanFact

HOUR = timedelta(hours=1)
INSERTS = 4  # that the facts of a batch arrive in, a tick after each
CONTESTED = 1  # the insert that brings other versions of what came with the one before
FIRST = 100  # the number of a batch's first world: of three digits, like all of them
FACILITY = "office@America/New_York"  # of support.calendars
LATER = timedelta(minutes=30)  # after all others what is told again is received


SENDERS_WORDS = {"purchase_order": ("po", "order"), "invoice": ("Bill",), "payment": ("pmt",)}


@dataclass(frozen=True)
class Told:
    """A fact of a world, the insert it arrives in, and the one that brings it again. "span" is a span that failed."""

    type: str
    hours: int
    objects: tuple[Ref, ...]
    arrives: int = 0
    again: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    said: tuple[str, str, int] = ("", "", 0)  # criticality, supplier and amount; 0: none
    rival: str = ""  # the type that another version of it tells, and below: whether that was received before it
    rival_first: bool = False


@dataclass(frozen=True)
class World:
    """What is told in a world, and of which kind it is."""

    kind: str
    told: tuple[Told, ...]

    def facts(self, start: str, received_at: datetime) -> list[tuple[Told, Fact]]:
        """Return the facts under ids that start with `start`; of contested ones the version that Told says."""
        return [
            (
                each,
                Fact(
                    f"{start}e{number:02}",
                    each.type,
                    MONDAY + each.hours * HOUR,
                    tuple((kind, f"{start}{own}") for kind, own in each.objects),
                    facility=FACILITY,
                    criticality=each.said[0],
                    supplier=each.said[1],
                    amount=Decimal(each.said[2]) if each.said[2] else None,
                    attributes=tuple((name, _under(start, text)) for name, text in each.attributes),
                    received_at=received_at + timedelta(seconds=(7919 * (number + 1) + 31 * each.hours) % 1009),
                ),
            )
            for number, each in enumerate(self.told)
            if each.type != "span"
        ]

    def spans(self, start: str) -> list[tuple[Told, SpanFact]]:
        """Return the spans: each failed, in a trace of its own, working on the first of its objects."""
        return [
            (
                each,
                SpanFact(
                    f"{each.objects[0][0]}:{start}{each.objects[0][1]}",
                    MONDAY + each.hours * HOUR,
                    error=f"refused {number % 2}",
                    trace=int(f"{start}{number:0{32 - len(start)}}", 16),
                    span=int(f"{start}{number:0{16 - len(start)}}", 16),
                ),
            )
            for number, each in enumerate(self.told)
            if each.type == "span"
        ]


def rival_of(told: Told, fact: Fact) -> Fact:
    """Return the other version of a contested fact: of another type and without its last object."""
    received_at = (fact.received_at or MONDAY) + (-1 if told.rival_first else 1) * HOUR
    return replace(fact, type=told.rival, objects=fact.objects[:-1] or fact.objects, version=1, received_at=received_at)


def holding(told: Told, fact: Fact) -> Fact:
    """Return the version of a fact that was received first."""
    return rival_of(told, fact) if told.rival and told.rival_first else fact


@dataclass(frozen=True)
class Batch:
    """Worlds whose facts arrive together. `halves`: inserts that come as two; `restarts`: before them, a new process."""

    worlds: tuple[World, ...]
    halves: frozenset[int]
    restarts: frozenset[int]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001 - as Hypothesis calls it
        """Say little: a failure tells of the smallest world that differs."""
        printer.text(f"<{sum(bool(world.told) for world in self.worlds)} worlds>")

    def arriving(self, prefix: str, received_at: datetime, insert: int) -> tuple[list[Fact], list[SpanFact]]:
        """Return what an insert brings, of all worlds, in the order of being told."""
        facts, spans = [], []
        for number, world in enumerate(self.worlds, FIRST):
            start = f"{prefix}{number}"
            for told, fact in world.facts(start, received_at):
                again = fact if told.again == told.arrives else replace(fact, received_at=received_at + LATER)
                facts += [fact] * (insert == told.arrives) or [again] * (insert == told.again)
                facts += [rival_of(told, fact)] * (bool(told.rival) and insert == CONTESTED)
            spans += [span for told, span in world.spans(start) if insert in {told.arrives, told.again}]
        return facts, spans

    def once(self, prefix: str, received_at: datetime) -> tuple[list[Fact], list[SpanFact]]:
        """Return all of it without repetition, backwards."""
        facts, spans = [], []
        for number, world in enumerate(self.worlds, FIRST):
            start = f"{prefix}{number}"
            for told, fact in reversed(world.facts(start, received_at)):
                facts += [fact, *([rival_of(told, fact)] if told.rival else [])]
            spans += [span for _, span in reversed(world.spans(start))]
        return facts, spans

    def held(self) -> dict[str, tuple[World, list[Fact]]]:
        """Return each world by its own part of ids, with the facts that hold, for the oracle."""
        return {
            f"{number}": (world, [holding(*pair) for pair in world.facts(f"{number}", MONDAY)])
            for number, world in enumerate(self.worlds, FIRST)
            if world.told
        }


def _under(start: str, text: str) -> str:
    if text.startswith("["):
        return json.dumps([type(each)(f"{start}{each}") for each in json.loads(text)])
    return f"{start}{text}"


def shown(rows: Iterable[Any], prefix: str) -> list[str]:
    """Return the rows of a copy as text, without its prefix, in order."""
    texts = (repr(row) for row in rows)
    return sorted(text.replace(f"'{prefix}", "'") for text in texts if f"'{prefix}" in text)


def worlds_named(texts: Iterable[str]) -> set[str]:
    """Return the worlds that rows shown as text are of."""
    return {found for text in texts for found in re.findall(r"'(\d{3})\w", text)}


# What is told, by kind of world.

PLAIN = (
    *("requisition.created", "requisition.approved", "requisition.cancelled"),
    *("purchase_order.created", "purchase_order.synced", "purchase_order.cancelled"),
    *("goods_receipt.posted", "goods_receipt.synced"),
    *("invoice.received", "invoice.matched", "invoice.voided", "invoice.posted"),
    *("payment.released", "payment.executed", "note.added"),
)
LINKING = ("purchase_order.created", "goods_receipt.posted", "invoice.received", "invoice.matched", "payment.released")
CLOCKED = tuple(f"invoice.{name}" for name in ("received", "matched", "voided", "held", "freed", "unmatched"))
RAISED = ("exception.raised", "exception.resolved", "exception.cancelled")


def _refs(**counts: int) -> tuple[Ref, ...]:
    return tuple((kind, str(number + 1)) for kind, count in counts.items() for number in range(count))


DOCUMENTS = _refs(purchase_order=3, invoice=3, requisition=2, goods_receipt=2, payment=2, supplier=1)
PAIRS = _refs(purchase_order=2, goods_receipt=2, invoice=2, payment=2, supplier=1, requisition=1)
NUMBERED = _refs(purchase_order=3, invoice=3, payment=1, goods_receipt=1, supplier=1)
NAMED = ((), (), (("po_number", "2"),), (("po_number", '["1", 3]'),), (("bills", "1"),), (("request", "1"),))
SAID = tuple(
    (criticality, supplier, amount)
    for criticality in ("", "low", "clinical-critical")
    for supplier in ("", "s1", "s2")
    for amount in (0, 7)
)
PLACES = [(first, None) for first in range(INSERTS)] * 3 + [
    (first, again) for first in range(INSERTS) for again in range(INSERTS)
]


def _some(refs: tuple[Ref, ...], least: int, most: int) -> st.SearchStrategy[tuple[Ref, ...]]:
    return st.one_of(*(st.sampled_from(list(permutations(refs, size))) for size in range(least, most + 1)))


@st.composite
def _told(
    draw: st.DrawFn,
    types: tuple[str, ...],
    objects: st.SearchStrategy[tuple[Ref, ...]],
    *,
    hours: int = 6,
    named: tuple[Any, ...] = ((),),
    rivals: bool = False,
) -> Told:
    arrives, again = draw(st.sampled_from(PLACES))
    told = Told(
        draw(st.sampled_from(types)),
        draw(st.integers(0, hours)),
        draw(objects),
        arrives,
        again,
        attributes=draw(st.sampled_from(named)) if len(named) > 1 else (),
        said=draw(st.sampled_from(SAID)),
    )
    if rivals and arrives < CONTESTED and again is None:
        rival, first = draw(
            st.sampled_from([("", False), *((name, first) for name in types for first in (True, False))])
        )
        return replace(told, rival=rival, rival_first=first)
    return told


ONE_TYPE = st.one_of(
    _some(_refs(purchase_order=3), 2, 3), _some(_refs(invoice=3), 2, 3), _some(_refs(purchase_order=3), 2, 2)
)
plain = _told(PLAIN, _some(DOCUMENTS, 1, 4))
corrected = _told(("link.withdrawn",) * 6 + ("object.described",) * 2 + LINKING, _some(PAIRS, 1, 4), named=NAMED)
identified = st.one_of(
    _told(("object.same_as", "object.same_as", "link.withdrawn"), ONE_TYPE),
    _told(("object.described", "link.withdrawn", *LINKING, "purchase_order.synced"), _some(NUMBERED, 1, 3)),
)
clocked = _told(CLOCKED, st.sampled_from([(("invoice", each),) for each in "1112"]), hours=60)
troubled = st.one_of(
    _told((*LINKING, *CLOCKED), _some(_refs(purchase_order=2, invoice=2, goods_receipt=1, payment=1), 1, 3)),
    _told(RAISED, _some(_refs(exception=2, invoice=2, purchase_order=1), 1, 3)),
    _told(("span",), _some(_refs(purchase_order=2, invoice=2, payment=1), 1, 1)),
)
RECEIVED = ("purchase_order.acknowledged", "invoice.received", "link.withdrawn", "object.described")
RECEIVED += ("goods_receipt.posted", "goods_receipt.reversed") * 3
undone = st.one_of(
    _told(RECEIVED, _some(_refs(goods_receipt=3, purchase_order=2, invoice=1), 1, 3)),
    _told(("goods_receipt.posted", "goods_receipt.reversed"), _some(_refs(goods_receipt=3), 1, 1)),
    _told(("payment.released", "payment.cancelled", "invoice.posted"), _some(_refs(payment=2, invoice=2), 1, 2)),
)
contested = _told((*PLAIN[3:], "link.withdrawn", "object.same_as"), _some(DOCUMENTS, 1, 3), rivals=True)
KINDS = {
    "plain": plain,
    "corrected": corrected,
    "identified": identified,
    "clocked": clocked,
    "troubled": troubled,
    "undone": undone,
    "mixed": st.one_of(plain, corrected, identified, clocked, troubled, undone),
}


@st.composite
def _world(draw: st.DrawFn, kinds: tuple[str, ...]) -> World:
    kind = draw(st.sampled_from(kinds))
    told = {**KINDS, "contested": contested}[kind]
    return World(kind, tuple(draw(told) for _ in range(draw(st.integers(0, 14)))))


@st.composite
def batches(draw: st.DrawFn, worlds: int) -> Batch:
    """Draw a batch of so many worlds; in every other batch, some events are told in two versions."""
    kinds = (*KINDS, "contested") if draw(st.booleans()) else tuple(KINDS)
    inserts = st.sets(st.integers(0, INSERTS - 1)).map(frozenset)
    halves, restarts = draw(inserts), draw(inserts)
    return Batch(tuple(draw(_world(kinds)) for _ in range(worlds)), halves, restarts)


def in_senders_words(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts as senders tell them who have SENDERS_WORDS beside the model's own, now these and now those."""

    def called(kind: str, by: str) -> str:
        words = (kind, *SENDERS_WORDS.get(kind, ()))
        return words[sum(by.encode()) % len(words)]

    def told(item: Fact) -> Fact:
        kind, dot, what = item.type.partition(".")
        objects = tuple((called(each, item.event_id + number), number) for each, number in item.objects)
        return replace(item, type=called(kind, item.event_id) + dot + what, objects=objects)

    return [told(item) for item in facts]


def span_in_senders_words(span: SpanFact) -> SpanFact:
    """Return a span that names its object in a sender's word."""
    kind, colon, number = (span.object_ref or "").partition(":")
    return replace(span, object_ref=f"{SENDERS_WORDS.get(kind, (kind,))[-1]}{colon}{number}") if colon else span
