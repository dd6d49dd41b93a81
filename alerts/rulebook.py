"""Alert rules: YAML files, read strictly. A rule says which groups of stalls deserve an alert, after how long.

`for` and `keep_firing_for` mean what they mean in Prometheus alerting rules: how long a finding must stand before it
fires, and how long it must be gone before it resolves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from core.definitions import read_definition
from core.durations import parse_duration
from core.errors import DefinitionError
from core.filters import Filters
from core.vocabulary import Criticality

Severity = Literal["page", "ticket"]


def _duration(value: object) -> timedelta:
    duration = parse_duration(str(value), allow_zero=True)
    if duration.unit != "clock":
        message = f"{value!r} is business time: a rule watches in clock time, as in 30s, 2m, 4h or 1d"
        raise ValueError(message)
    return timedelta(seconds=duration.amount)


Duration = Annotated[timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string", "examples": ["2m"]})]
NONE = timedelta(0)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Only(_Strict):
    """Which stalls the rule looks at; an empty list does not restrict."""

    facility: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()
    spend_category: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    criticality: tuple[Criticality, ...] = ()
    handoff: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()

    def filters(self, as_of: datetime) -> Filters:
        """Return the filters to ask for stalls with."""
        return Filters(as_of=as_of, **{name: getattr(self, name) for name in type(self).model_fields})


class Thresholds(_Strict):
    """How large a group must be: all that is given must hold."""

    count: int = Field(1, ge=1, description="At least this many stalls.")
    overdue: Duration = Field(NONE, description="The oldest is past due by at least this much.")
    amount: dict[str, Annotated[Decimal, Field(ge=0)]] = Field(
        default_factory=dict, description="At least this much in any one of these currencies."
    )


class StallRule(_Strict):
    """Alerts on stalls, one alert for each cause signature."""

    rule: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="Its name; alerts are known by it.")
    kind: Literal["stalls"]
    title: str = Field(min_length=1)
    only: Only = Only()
    at_least: Thresholds = Field(default_factory=lambda: Thresholds.model_validate({}))
    hold: Duration = Field(NONE, alias="for", description="How long a finding stands before it fires.")
    keep_firing_for: Duration = Field(NONE, description="How long a finding is gone before it resolves.")
    severity: dict[Criticality, Severity] = Field(
        default_factory=dict, description="By the highest criticality in the group; `ticket` where not given."
    )


def shipped_rules() -> list[Path]:
    """Return the files of the rules that Stallwatch comes with."""
    folder = resources.files("alerts") / "rules"
    return sorted(Path(str(file)) for file in folder.iterdir() if file.name.endswith(".yaml"))


def load_rules(files: Iterable[Path] | None = None) -> tuple[StallRule, ...]:
    """Read the rules of these files, by default the shipped ones. Raises DefinitionError; names must differ."""
    rules: dict[str, StallRule] = {}
    for file in shipped_rules() if files is None else files:
        rule = read_definition(StallRule, file)
        if rule.rule in rules:
            message = f"{file}: rule: another rule is already named {rule.rule!r}"
            raise DefinitionError(message)
        rules[rule.rule] = rule
    return tuple(rules.values())
