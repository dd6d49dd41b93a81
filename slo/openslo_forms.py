"""What all kinds of OpenSLO v1 are made of: names, metadata, and references that may be the thing itself.

Source: the OpenSLO specification, version v1 (github.com/OpenSLO/OpenSLO).
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

from core.problems import FORMS

TEXT, KEYS = FORMS
MOST_OF_A_DESCRIPTION = 1050  # characters, by the specification
# Names of RFC 1123, and with the capital letters and dots that examples of the specification have.
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")
RFC_1123 = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def _named(name: str) -> str:
    if NAME.fullmatch(name) is None:
        message = f"{name!r} is no name: write small letters, digits and -, as in order-to-erp"
        raise ValueError(message)
    return name


Name = Annotated[str, AfterValidator(_named)]
Description = Annotated[str, Field(max_length=MOST_OF_A_DESCRIPTION)]


def _form(given: Any) -> str:
    return KEYS if isinstance(given, list | tuple) else TEXT


Texts = Annotated[Annotated[str, Tag(TEXT)] | Annotated[tuple[str, ...], Tag(KEYS)], Discriminator(_form)]


class Written(BaseModel):
    """A part as it is written: camelCase keys, none that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class Metadata(Written):
    """How it is called."""

    name: Name
    display_name: str = ""
    labels: dict[str, Texts] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        """What people read."""
        return self.display_name or self.name


class Object(Written):
    """What every kind has."""

    api_version: Literal["openslo/v1"]
    kind: str
    metadata: Metadata


def one_of(part: Written, *names: str) -> str:
    """Return which of several keys is given. Raises ValueError for none and for more than one."""
    given = [name for name in names if getattr(part, name) is not None]
    if not given:
        message = f"neither {' nor '.join(map(to_camel, names))} is given: give one of them"
        raise ValueError(message)
    if len(given) > 1:
        message = f"{' and '.join(map(to_camel, given))} are both given: keep one"
        raise ValueError(message)
    return given[0]


def either(part: Written, ref: str) -> None:
    """Judge a part that is a reference by name, under the key `ref`, or the object itself. Raises ValueError."""
    whole = ("kind", "metadata", "spec")
    given = [name for name in whole if getattr(part, name) is not None]
    if bool(given) == (getattr(part, ref) is not None):
        message = f"give either {to_camel(ref)}, or kind, metadata and spec"
        raise ValueError(message)
    if given and len(given) < len(whole):
        message = f"{' and '.join(name for name in whole if name not in given)} missing beside {' and '.join(given)}"
        raise ValueError(message)
