"""What starts, stops or otherwise moves a handoff: an event of its object, or one of what is linked with it."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from core.problems import FORMS
from core.strict_yaml import Place

KEY, EVENT_TYPE = r"^[a-z][a-z0-9_]*$", r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
MODEL_NAME = r"^[a-z][a-z0-9-]*$"
# What of a model is no event type, whatever it looks like.
NO_EVENTS = {"title", "owner", "summary", "awaits", "calendar", "target", "target_at", "due_from", "grace", "when"}
NAMES = {
    MODEL_NAME: "name of a model: write small letters, digits and -, as in procure-to-pay",
    KEY: "name: write small letters, digits and _, as in goods_receipt",
    EVENT_TYPE: "event type: write object.what_happened in small letters, as in invoice.received",
}


def _named(pattern: str, text: str) -> str:
    if re.fullmatch(pattern.strip("$"), text) is None:
        words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).lower()
        meant = [re.sub(r"[^a-z0-9.]+", mark, words).strip(mark) for mark in "_-"]
        hint = next((f"; did you mean {each!r}?" for each in meant if re.fullmatch(pattern, each)), "")
        message = f"{text!r} is no {NAMES[pattern]}{hint}"
        raise ValueError(message)
    return text


def text_of(pattern: str) -> Any:
    """Return the checks of a text, whose pattern the JSON Schema tells and whose error says how to mend it."""
    return AfterValidator(partial(_named, pattern)), WithJsonSchema({"type": "string", "pattern": pattern})


EVENT, LINKED = FORMS
Key = Annotated[str, *text_of(KEY)]
EventType = Annotated[str, *text_of(EVENT_TYPE)]
# What senders call things is theirs, but "type:id" ends a type at its colon, and an event's object at its dot.
SentType = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s.:]+$")]
SentEvent = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Strict(BaseModel):
    """A part of a model: no key that is not known, and no change once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _without_default(schema: dict[str, Any]) -> None:
    """Leave out of the JSON Schema that what is not given is "", which nobody can write."""
    del schema["default"]


class LinkedEvent(Strict):
    """An event that names an object of another type: one that is linked with the handoff's, or with what is."""

    event: EventType
    of: Key = Field(
        description="The type of the linked object: parent or child of the handoff's, or of what is between."
    )
    through: Key = Field(
        "",
        json_schema_extra=_without_default,
        description="The type between the two: its objects are linked with the handoff's, and those that are looked at"
        " with them. None given: these are linked with the handoff's object directly.",
    )
    match: Literal["any", "all", "first", "last"] = Field(
        "any",
        description="Of several: each such event, the moment the last of the objects has it, the earliest, the latest.",
    )
    earlier: bool = Field(
        default=False,
        description="Of stop and cancel: what came before the start counts too; then nothing is promised.",
    )

    def __str__(self) -> str:
        """Return it as people say it."""
        through = f" through {self.through}" if self.through else ""
        return f"{self.event} of {self.of}{through}" + ("" if self.match == "any" else f" ({self.match})")


def _form(given: Any) -> str:
    return LINKED if isinstance(given, dict | LinkedEvent) else EVENT


Condition = Annotated[Annotated[EventType, Tag(EVENT)] | Annotated[LinkedEvent, Tag(LINKED)], Discriminator(_form)]


def own(conditions: Iterable[str | LinkedEvent]) -> tuple[str, ...]:
    """Return the types of events that name the handoff's object itself."""
    return tuple(each for each in conditions if isinstance(each, str))


def linked(conditions: Iterable[str | LinkedEvent]) -> tuple[LinkedEvent, ...]:
    """Return the events of what is linked with it."""
    return tuple(each for each in conditions if isinstance(each, LinkedEvent))


def event_types(content: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each event type that the plain content of a model's parts names, with its place."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in NO_EVENTS:
                yield from event_types(value, (*place, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from event_types(value, (*place, index))
    elif isinstance(content, str) and re.fullmatch(EVENT_TYPE, content):
        yield place, content
