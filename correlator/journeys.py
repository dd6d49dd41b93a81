"""Journeys as of an instant: lists, one journey with its timeline, and the journeys of an object."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from core.clickhouse import Database
from core.filters import Filters
from core.instants import LATEST
from core.paging import Page, page_of
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.corrected import corrected_at
from correlator.model import JourneyModel
from correlator.naming import OtherIds, ids_of, journey_rows, one_of
from correlator.own_names import OwnNames, own_names
from correlator.running import Lasted, lasted
from correlator.timeline import WHOLE_PAGE, Entry, Most, TraceOutline, timeline_of

State = Literal["open", "closed", "cancelled"]
MOST_JOURNEYS = 1000  # of one object: a page, not an export; a payment run can be in many thousands
ASKED_AT_ONCE = 1000  # journeys: a server takes a bound value of a megabyte at most


@dataclass(frozen=True)
class JourneyHeader:
    """One journey in a list. `provisional`: its root has not (yet) been linked to an anchor."""

    model: str
    root: ObjectRef
    provisional: bool
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str
    amount: Decimal | None
    currency: str
    first_event_at: datetime | None
    last_event_at: datetime | None
    objects: int


@dataclass(frozen=True)
class Milestone:
    """A named moment, and when the journey first reached it."""

    key: str
    title: str
    reached_at: datetime | None


@dataclass(frozen=True)
class HandoffInstance:
    """One cycle of one handoff for one object, as it stood at the asked instant."""

    model: str
    handoff: str
    title: str
    object: ObjectRef
    journey: ObjectRef
    cycle: int
    state: State
    stalled: bool
    paused_since: datetime | None  # of an open one whose clock stands still
    opened_at: datetime
    closed_at: datetime | None
    cancelled_at: datetime | None
    due_at: datetime | None
    facility: str
    supplier: str
    criticality: str
    amount: Decimal | None
    currency: str
    owner: str
    elapsed_seconds: int  # as correlator.running.Lasted tells them
    business_seconds: int
    corrected_at: datetime | None = None  # when its end was told, where that amended its outcome (correlator.corrected)


@dataclass(frozen=True)
class Journey:
    """One journey, whole. `timeline` lists some spans of each trace that touched it; `traces` say how many it has.

    `other_ids` has those of its objects that have several ids. `known_to` are the models that have a journey of this
    root. `truncated`: it is longer than a timeline gets (correlator.timeline.Most), and its earliest part is left out.
    """

    header: JourneyHeader
    title: str
    members: tuple[ObjectRef, ...]
    milestones: tuple[Milestone, ...]
    handoffs: tuple[HandoffInstance, ...]
    timeline: tuple[Entry, ...]
    traces: tuple[TraceOutline, ...] = ()
    other_ids: tuple[OtherIds, ...] = ()
    known_to: tuple[str, ...] = ()
    truncated: bool = False


@dataclass(frozen=True)
class JourneysOfObject:
    """The roots of the journeys that an object belongs to; `total` counts those that are not listed too.

    `models`: which follow it to each of these roots.
    """

    roots: tuple[ObjectRef, ...]
    total: int
    models: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far the facts were followed: everything stored up to `watermark` is in the figures (None: no run yet).

    `events` counts rows as they are stored: an event that came twice counts twice until the engine has merged it.
    """

    watermark: datetime | None
    revision: int
    events: int


@dataclass(frozen=True)
class Totals:
    """Journeys, and handoff instances by state."""

    journeys: int
    open: int
    closed: int
    cancelled: int


class Journeys:
    """Answers about journeys and handoffs for any `as_of`."""

    def __init__(
        self,
        database: Database,
        models: Iterable[JourneyModel],
        most: Most = WHOLE_PAGE,
        *,
        names: OwnNames | None = None,
    ) -> None:
        """`models` give titles, owners and milestones; `most` bounds timelines; `names`: None, those of the models."""
        self._database, self._most = database, most
        self._models = {model.model: model for model in models}
        self._names = own_names(self._models.values()) if names is None else names

    def page(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[JourneyHeader]:
        """Return journeys as they stood, the newest first. Raises MisuseError for a bad cursor."""
        page = page_of(self._asking("journey_page", filters), _header, cursor, limit)
        return replace(page, items=self._so_far(page.items, filters.as_of))

    def handoffs(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[HandoffInstance]:
        """Return handoff instances, the newest first. Raises MisuseError for a bad cursor."""
        page = page_of(self._asking("handoff_page", filters), lambda row: row, cursor, limit)
        return Page(self._instances(page.items, filters.as_of), page.next_cursor, page.total)

    def journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> Journey:
        """Return the journey of a root, whichever of its ids and names is given: the header has its own.

        Where several models know it: that of `model`, else of the one whose anchor it is. Raises NotFoundError where
        nothing is known of it at `as_of`, or no `model` is named and one of them holds it in a journey of its anchor.
        """
        root = self._names.ref_of(root)
        rows = journey_rows(self._rows, root, as_of, list(self._models))
        found = one_of(rows, root, as_of, model)
        return self._whole(root, as_of, found, tuple(row["model"] for row in rows))

    def _whole(self, root: ObjectRef, as_of: datetime, found: dict[str, Any], known_to: tuple[str, ...]) -> Journey:
        named = {"model": found["model"], "root_type": root.type, "root_id": found["root_id"], "as_of": as_of}
        model = self._models.get(found["model"])
        members = self._rows("journey_members", **named)
        told = timeline_of(self._rows, named, self._most)
        last = max((row["last_event_at"] for row in members if row["last_event_at"]), default=None)
        return Journey(
            header=replace(_header(found), objects=len(members), last_event_at=last),
            title=model.objects[root.type].title if model and root.type in model.objects else root.type,
            members=tuple(ObjectRef(row["object_type"], row["object_id"]) for row in members),
            milestones=self._milestones(model, named) if model else (),
            handoffs=self._instances(self._rows("journey_handoffs", **named), as_of),
            timeline=told.entries,
            traces=told.traces,
            other_ids=tuple(
                OtherIds(ObjectRef(row["object_type"], row["object_id"]), tuple(row["other_ids"]))
                for row in members
                if row["other_ids"]
            ),
            known_to=known_to,
            truncated=told.truncated,
        )

    def of_object(self, ref: ObjectRef, model: str = "", *, limit: int = MOST_JOURNEYS) -> JourneysOfObject:
        """Return the roots of the journeys of one model, or all, that hold an object; none where it is not known."""
        own = self._names.ref_of(ref)
        rows = self._rows("journeys_of_object", object_type=own.type, object_id=own.id, of_model=model, limit=limit)
        roots = tuple(ObjectRef(row["root_type"], row["root_id"]) for row in rows)
        models = tuple(tuple(row["models"]) for row in rows)
        return JourneysOfObject(roots, rows[0]["total"] if rows else 0, models)

    def ids(self, ref: ObjectRef) -> OtherIds:
        """Return an object under its own id, whichever of its ids is given, with its others."""
        return ids_of(self._rows, self._names.ref_of(ref))

    def progress(self, at: datetime = LATEST) -> Progress:
        """Return how far the correlator has followed the facts, or had by an instant; `events` are those of now."""
        return Progress(**self._rows("progress", at=at)[0])

    def totals(self, as_of: datetime) -> Totals:
        """Return how many journeys there are, and handoff instances by state."""
        return Totals(**self._rows("outcome_counts", as_of=as_of)[0])

    def _so_far(self, headers: tuple[JourneyHeader, ...], as_of: datetime) -> tuple[JourneyHeader, ...]:
        """Return headers without what happened after `as_of`; most have gone on since only where that is long ago."""
        went_on = [h for h in headers if h.last_event_at is not None and h.last_event_at > as_of]
        if not went_on:
            return headers
        roots = [(h.model, h.root.type, h.root.id) for h in went_on]
        stood = {
            (row["model"], row["root_type"], row["root_id"]): (row["objects"], row["last_event_at"])
            for after in range(0, len(roots), ASKED_AT_ONCE)
            for row in self._rows("journeys_so_far", roots=roots[after : after + ASKED_AT_ONCE], as_of=as_of)
        }
        then = [(h, stood.get((h.model, h.root.type, h.root.id), (h.objects, h.last_event_at))) for h in headers]
        return tuple(replace(h, objects=objects, last_event_at=last) for h, (objects, last) in then)

    def _milestones(self, model: JourneyModel, named: dict[str, Any]) -> tuple[Milestone, ...]:
        types = sorted({definition.event for definition in model.milestones.values()})
        reached = {
            row["event_type"]: row["reached_at"] for row in self._rows("journey_milestones", event_types=types, **named)
        }
        return tuple(
            Milestone(key, definition.title, reached.get(definition.event))
            for key, definition in model.milestones.items()
        )

    def _instances(self, rows: Sequence[dict[str, Any]], as_of: datetime) -> tuple[HandoffInstance, ...]:
        took = lasted(rows, as_of, self._models, self._rows)
        return tuple(self._instance(row, as_of, each) for row, each in zip(rows, took, strict=True))

    def _instance(self, row: dict[str, Any], as_of: datetime, took: Lasted) -> HandoffInstance:
        model = self._models.get(row["model"])
        definition = model.handoffs.get(row["handoff"]) if model else None
        closed_at, cancelled_at = _until(row["closed_at"], as_of), _until(row["cancelled_at"], as_of)
        state: State = "closed" if closed_at else "cancelled" if cancelled_at else "open"
        paused_since = _paused_since(row, as_of) if state == "open" else None
        is_overdue = state == "open" and row["due_at"] is not None and row["due_at"] < as_of
        return HandoffInstance(
            model=row["model"],
            handoff=row["handoff"],
            title=definition.title if definition else row["handoff"],
            object=ObjectRef(row["object_type"], row["object_id"]),
            journey=ObjectRef(row["journey_type"], row["journey_id"]),
            cycle=row["cycle"],
            state=state,
            stalled=is_overdue and paused_since is None,
            paused_since=paused_since,
            opened_at=row["opened_at"],
            closed_at=closed_at,
            cancelled_at=cancelled_at,
            due_at=row["due_at"],
            facility=row["facility"],
            supplier=row["supplier"],
            criticality=row["criticality"],
            amount=row["amount"],
            currency=row["currency"],
            owner=definition.owner if definition else "",
            elapsed_seconds=took.seconds,
            business_seconds=took.business_seconds,
            corrected_at=corrected_at(row, as_of),
        )

    def _asking(self, name: str, filters: Filters) -> Callable[[int, int], list[dict[str, Any]]]:
        return lambda after, limit: self._rows(name, **filters.parameters(), after=after, limit=limit)

    def _rows(self, name: str, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(sql("correlator", name), **values)


def _paused_since(row: dict[str, Any], as_of: datetime) -> datetime | None:
    standing = (
        pause["since"]
        for pause in row["pauses"]
        if pause["since"] <= as_of and (pause["until"] is None or pause["until"] > as_of)
    )
    return next(standing, None)


def _until(at: datetime | None, as_of: datetime) -> datetime | None:
    return at if at is not None and at <= as_of else None


def _header(row: dict[str, Any]) -> JourneyHeader:
    return JourneyHeader(
        model=row["model"],
        root=ObjectRef(row["root_type"], row["root_id"]),
        provisional=row["provisional"],
        facility=row["facility"],
        supplier=row["supplier"],
        department=row["department"],
        spend_category=row["spend_category"],
        criticality=row["criticality"],
        flow_type=row["flow_type"],
        amount=row["amount"],
        currency=row["currency"],
        first_event_at=row["first_event_at"],
        last_event_at=row["last_event_at"],
        objects=row["objects"],
    )
