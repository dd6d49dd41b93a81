"""The journey model: which objects form a journey, which milestones it has, which handoffs are promised.

A model is a YAML file (`correlator/models/*.yaml`, or a path); it is read strictly, and errors name file, line and fix.
"""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.definitions import read_definition
from core.errors import DefinitionError
from correlator.targets import CalendarText, PlaceTargets, Targets

FlowType = Literal[
    "two_way", "three_way", "receipt_based", "consignment", "evaluated_receipt", "bill_only", "blanket", "non_po"
]


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
EventType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ObjectType(_Strict):
    """A type of document, and the types through which it reaches the anchor (none: it is the anchor)."""

    title: str = ""
    attaches_via: tuple[Key, ...] = ()
    references: dict[str, Key] = Field(
        default_factory=dict, description="Attributes that hold ids of other objects, to the type of those: po_number."
    )


class MilestoneDefinition(_Strict):
    """A named moment: the first occurrence of an event type on any object of the journey."""

    title: str
    event: EventType


class Need(_Strict):
    """What must have happened on a linked object before the handoff's stop event can be expected."""

    event: EventType
    on: Key
    summary: str
    flow_types: tuple[FlowType, ...] = ()


class HandoffDefinition(_Strict):
    """The promise that a stop event follows a start event on one object within a target."""

    title: str
    on: Key
    start: tuple[EventType, ...] = Field(min_length=1)
    stop: tuple[EventType, ...] = Field(min_length=1)
    cancel: tuple[EventType, ...] = ()
    pause: tuple[EventType, ...] = Field((), description="Events that stop the clock.")
    resume: tuple[EventType, ...] = Field((), description="Events that start the clock again.")
    reopen_on: tuple[EventType, ...] = Field((), description="Reversals: events that undo the stop.")
    reopen: Literal["first", "reset", "resume"] = Field(
        "first",
        description="The clock of what was reopened: counts from the first start, starts anew, or goes on.",
    )
    awaits: str = Field("", description="The integration that should send the stop event.")
    owner: str = ""
    flow_types: tuple[FlowType, ...] = Field((), description="Flows that have this handoff; none given: every flow.")
    needs: tuple[Need, ...] = ()
    target: Targets = Field(default_factory=dict)
    target_at: PlaceTargets = Field(PlaceTargets(), description="Other targets of certain places.")
    calendar: CalendarText | None = Field(
        None, description="Whose business time counts, where it is not the facility's: bank, bank@America/New_York."
    )

    @model_validator(mode="after")
    def _one_role_each(self) -> Self:
        roles = [*self.start, *self.stop, *self.cancel, *self.pause, *self.resume, *self.reopen_on]
        if repeated := sorted({event for event in roles if roles.count(event) > 1}):
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

    @property
    def is_interruptible(self) -> bool:
        """Whether its clock can stand still, or what was closed be reopened."""
        return bool(self.pause or self.reopen_on)


class JourneyModel(_Strict):
    """One journey model, as read from its file."""

    model: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1)
    title: str
    anchor: Key
    objects: dict[Key, ObjectType]
    milestones: dict[Key, MilestoneDefinition] = Field(default_factory=dict)
    handoffs: dict[Key, HandoffDefinition] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        problem = self._problem()
        if problem:
            raise ValueError(problem)
        return self

    def _problem(self) -> str | None:
        return self._anchor_problem() or self._object_problem() or self._handoff_problem()

    def _anchor_problem(self) -> str | None:
        if self.anchor not in self.objects:
            return f"the anchor {self.anchor!r} is not among the objects ({self._known})"
        if self.objects[self.anchor].attaches_via:
            return f"the anchor {self.anchor!r} may not attach to anything: remove its attaches_via"
        return None

    def _object_problem(self) -> str | None:
        for key, kind in self.objects.items():
            if unknown := set(kind.attaches_via) - self.objects.keys():
                return (
                    f"objects.{key}.attaches_via names {min(unknown)!r}, which is not among the objects ({self._known})"
                )
            for attribute, other in kind.references.items():
                if not {(key, other), (other, key)} & set(self.attachments):
                    return (
                        f"objects.{key}.references.{attribute} names {other!r}, but neither attaches to the other: "
                        f"add it to an attaches_via"
                    )
            if not kind.attaches_via and key != self.anchor:
                return f"objects.{key} reaches no anchor: give it attaches_via, or remove it"
        try:
            TopologicalSorter({key: kind.attaches_via for key, kind in self.objects.items()}).prepare()
        except CycleError as error:
            return f"attaches_via goes round in a circle: {' → '.join(error.args[1])}"
        return None

    def _handoff_problem(self) -> str | None:
        for key, handoff in self.handoffs.items():
            if unknown := {handoff.on, *(need.on for need in handoff.needs)} - self.objects.keys():
                return f"handoffs.{key} is on {min(unknown)!r}, which is not among the objects ({self._known})"
        return None

    @property
    def _known(self) -> str:
        return ", ".join(sorted(self.objects))

    @property
    def layers(self) -> tuple[str, ...]:
        """The object types, each after all that it attaches to; the anchor first."""
        return tuple(TopologicalSorter({key: kind.attaches_via for key, kind in self.objects.items()}).static_order())

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
    def fingerprint(self) -> str:
        """SHA-256 of the definitions: what the derived tables were derived by."""
        return sha256(self.model_dump_json().encode()).hexdigest()


def shipped_models() -> dict[str, Path]:
    """Return the models that ship with Stallwatch, name to file."""
    folder = Path(str(resources.files("correlator") / "models"))
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def load_models(names: Iterable[str]) -> tuple[JourneyModel, ...]:
    """Read models by shipped name or by path of a YAML file.

    Raises DefinitionError for an unknown name, an invalid file, two models with one name, or with one anchor.
    """
    shipped, found = shipped_models(), dict[str, tuple[JourneyModel, Path]]()
    for name in names:
        file = shipped.get(name, Path(name))
        if name not in shipped and file.suffix not in {".yaml", ".yml"}:
            message = f"there is no model {name!r}: give a YAML file, or one of {', '.join(shipped)}"
            raise DefinitionError(message)
        model = read_definition(JourneyModel, file)
        if model.model in found:
            message = f"{file}: the model {model.model!r} is already defined by {found[model.model][1]}; rename one"
            raise DefinitionError(message)
        for other, other_file in found.values():
            if other.anchor == model.anchor:
                message = f"{file}: {other_file} is anchored at {model.anchor!r} too; choose one"
                raise DefinitionError(message)
        found[model.model] = (model, file)
    return tuple(model for model, _ in found.values())
