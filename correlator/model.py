"""The journey model: which objects form a journey, which milestones it has, which handoffs are promised.

A model is a YAML file, read strictly by `loading.py`; errors name file, line and fix.
"""

import json
from graphlib import TopologicalSorter
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, StrictInt, model_validator

from core.problems import all_at_once
from core.strict_yaml import Place
from correlator.conditions import (
    MODEL_NAME,
    Condition,
    EventType,
    Key,
    LinkedEvent,
    SentEvent,
    SentType,
    Strict,
    event_types,
    linked,
    text_of,
)
from correlator.loose_ends import ROLES, loose_ends
from correlator.targets import CalendarText, DurationText, PlaceTargets, Targets
from correlator.when import FlowType, When


class ObjectType(Strict):
    """A type of document, and the types through which it reaches the anchor (none: it is the anchor)."""

    title: str = ""
    aliases: tuple[SentType, ...] = Field((), description="Under which other names senders know it: po, order.")
    attaches_via: tuple[Key, ...] = ()
    references: dict[str, Key] = Field(
        default_factory=dict, description="Attributes that hold ids of other objects, to the type of those: po_number."
    )


class EventNames(Strict):
    """Under which other names senders know events; those of objects hold for their events as well (po.created)."""

    aliases: dict[SentEvent, EventType] = Field(
        default_factory=dict, description="Event types as they are sent, to those that the model names."
    )


class MilestoneDefinition(Strict):
    """A named moment: the first occurrence of an event type on any object of the journey."""

    title: str
    event: EventType


class Need(Strict):
    """What must have happened on a linked object before the handoff's stop event can be expected."""

    event: EventType
    on: Key
    summary: str
    flow_types: tuple[FlowType, ...] = Field((), min_length=1)


class HandoffDefinition(Strict):
    """The promise that a stop event follows a start event on one object within a target."""

    title: str
    on: Key
    start: tuple[Condition, ...] = Field(min_length=1)
    stop: tuple[Condition, ...] = Field(min_length=1)
    cancel: tuple[Condition, ...] = ()
    pause: tuple[Condition, ...] = Field((), description="Events that stop the clock.")
    resume: tuple[Condition, ...] = Field((), description="Events that start the clock again.")
    reopen_on: tuple[Condition, ...] = Field(
        (),
        description="Reversals: events that undo the stop; of several documents which did it, when none stands.",
    )
    reopen: Literal["first", "reset", "resume"] = Field(
        "first",
        description="The clock of what was reopened: counts from the first start, starts anew, or goes on.",
    )
    awaits: str = Field("", description="The integration that should send the stop event.")
    owner: str = ""
    flow_types: tuple[FlowType, ...] = Field(
        (), min_length=1, description="Flows that have this handoff; none given: every flow."
    )
    when: When = Field(When(), description="Which objects, and which starts, have this handoff; none given: all.")
    needs: tuple[Need, ...] = ()
    target: Targets = Field(default_factory=dict)
    target_at: PlaceTargets = Field(PlaceTargets(), description="Other targets of certain places.")
    due_from: str | None = Field(
        None,
        min_length=1,
        description="Attribute of events that says when it is promised for: promised_at. Where none does: the target.",
    )
    grace: DurationText | None = Field(None, description="How long after the promised time it is due.")
    calendar: CalendarText | None = Field(
        None, description="Whose business time counts, where it is not the facility's: bank, bank@America/New_York."
    )

    @model_validator(mode="after")
    def _one_role_each(self) -> Self:
        said = [str(each) for role in self.roles.values() for each in role]
        if repeated := sorted({each for each in said if said.count(each) > 1}):
            message = f"{', '.join(repeated)} may have one role only: start, stop, cancel, pause, resume or reopen_on"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _clock_can_go_on(self) -> Self:
        if self.pause and not self.resume:
            message = "pause without resume: name the events that start the clock again, or remove pause"
            raise ValueError(message)
        if self.resume and not self.pause:
            message = "resume without pause: name the events that stop the clock, or remove resume"
            raise ValueError(message)
        if "reopen" in self.model_fields_set and not self.reopen_on:
            message = "reopen without reopen_on: name the events that undo the stop, or remove reopen"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _only_ends_hold_over(self) -> Self:
        for name, conditions in self.roles.items():
            if name not in {"stop", "cancel"} and (wrong := [each for each in linked(conditions) if each.earlier]):
                message = f"{name}: earlier is for stop and cancel, not for {wrong[0]}; remove it"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _grace_is_of_a_promise(self) -> Self:
        if self.grace and not self.due_from:
            message = "grace without due_from: name the attribute that holds the promised time, or remove grace"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _is_for_something(self) -> Self:
        if self.flow_types and self.when.flow_type:
            message = "flow_types and when.flow_type say the same; remove one"
            raise ValueError(message)
        if self.when.chooses_starts and linked(self.start):
            message = "when.reason is of events that name the object itself; start names events of linked objects"
            raise ValueError(message)
        return self

    @property
    def flows(self) -> tuple[FlowType, ...]:
        """The flows that have it; none: every flow."""
        return self.flow_types or self.when.flow_type

    @property
    def roles(self) -> dict[str, tuple[str | LinkedEvent, ...]]:
        """What starts it, stops it and so on, by role, in order of evaluation at one moment."""
        return {name: getattr(self, name) for name in ROLES}

    @property
    def is_interruptible(self) -> bool:
        """Whether its clock can stand still, or what was closed be reopened."""
        return bool(self.pause or self.reopen_on)


class JourneyModel(Strict):
    """One journey model, as read from its file."""

    model: Annotated[str, *text_of(MODEL_NAME)]
    version: StrictInt = Field(ge=1)
    title: str
    anchor: Key
    objects: dict[Key, ObjectType]
    events: EventNames = Field(default_factory=EventNames)
    milestones: dict[Key, MilestoneDefinition] = Field(default_factory=dict)
    handoffs: dict[Key, HandoffDefinition] = Field(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _hangs_together(cls, content: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        return all_at_once(cls, content, read, loose_ends)

    @property
    def layers(self) -> tuple[str, ...]:
        """The object types, each after all that it attaches to; the anchor first."""
        return tuple(key for keys in self.depths for key in keys)

    @property
    def depths(self) -> list[tuple[str, ...]]:
        """The object types by how far they are from a root: each after all that it attaches to; the anchor first."""
        sorter, depths = TopologicalSorter({key: kind.attaches_via for key, kind in self.objects.items()}), []
        sorter.prepare()
        while sorter.is_active():
            depths.append(ready := sorter.get_ready())
            sorter.done(*ready)
        return depths

    @property
    def attachments(self) -> list[tuple[str, str]]:
        """Every (child type, parent type)."""
        return [(key, parent) for key, kind in self.objects.items() for parent in kind.attaches_via]

    @property
    def references(self) -> list[tuple[str, str, str]]:
        """Every (type, attribute of it that names another object, type of that object)."""
        return [
            (key, attribute, other)
            for key, kind in self.objects.items()
            for attribute, other in kind.references.items()
        ]

    @property
    def named_events(self) -> list[tuple[Place, str]]:
        """Every event type that milestones and handoffs name, with its place in the file."""
        return list(event_types(self.model_dump(mode="json", include={"milestones", "handoffs"})))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the definitions: what the derived tables were derived by."""
        # Without defaults: a word that the language learns is no change of a model that does not use it.
        return sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def schema_text() -> str:
    """Return the JSON Schema of journey models, as it is published."""
    return json.dumps(JourneyModel.model_json_schema(), indent=2, ensure_ascii=False)
