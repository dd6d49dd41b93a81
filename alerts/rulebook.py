"""Alert rules: YAML files, read strictly. A rule says which stalls, or findings of data quality, deserve an alert.

`for` and `keep_firing_for` mean what they mean in Prometheus alerting rules: how long a finding must stand before it
fires, and how long it must be gone before it resolves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from core.definitions import read_definition
from core.durations import parse_duration
from core.errors import DefinitionError
from core.filters import Filters
from core.vocabulary import Criticality
from correlator.findings import KINDS

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


class OnlyFindings(_Strict):
    """Which findings the rule looks at; an empty list does not restrict."""

    finding: tuple[str, ...] = Field(default=(), description="Kinds, as in the API: time_zone, impossible_order…")
    integration: tuple[str, ...] = ()

    @field_validator("finding")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            message = f"{unknown[0]!r} is not a kind of finding: choose from {', '.join(KINDS)}"
            raise ValueError(message)
        return kinds


class FindingThresholds(_Strict):
    """How much must be found: both must hold."""

    found: int = Field(1, ge=1, description="At least this many.")
    share: float = Field(
        0.0, ge=0, le=1, description="At least this share of what was checked; not asked of suspicions."
    )


class QualityRule(_Strict):
    """Alerts on data quality, one alert for each kind of finding at each integration."""

    rule: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="Its name; alerts are known by it.")
    kind: Literal["findings"]
    title: str = Field(min_length=1)
    window: Literal["24h", "7d", "30d", "365d"] = Field("24h", description="What was received in it is looked at.")
    only: OnlyFindings = OnlyFindings()
    at_least: FindingThresholds = Field(default_factory=lambda: FindingThresholds.model_validate({}))
    hold: Duration = Field(NONE, alias="for", description="How long a finding stands before it fires.")
    keep_firing_for: Duration = Field(NONE, description="How long a finding is gone before it resolves.")
    severity: Severity = "ticket"


class _AnyRule(BaseModel):
    kind: Literal["stalls", "findings"]


Rule = StallRule | QualityRule


def shipped_rules() -> list[Path]:
    """Return the files of the rules that Stallwatch comes with."""
    folder = resources.files("alerts") / "rules"
    return sorted(Path(str(file)) for file in folder.iterdir() if file.name.endswith(".yaml"))


def load_rules(files: Iterable[Path] | None = None) -> tuple[Rule, ...]:
    """Read the rules of these files, by default the shipped ones. Raises DefinitionError; names must differ."""
    rules: dict[str, Rule] = {}
    for file in shipped_rules() if files is None else files:
        kind = read_definition(_AnyRule, file).kind
        rule: Rule = read_definition(StallRule, file) if kind == "stalls" else read_definition(QualityRule, file)
        if rule.rule in rules:
            message = f"{file}: rule: another rule is already named {rule.rule!r}"
            raise DefinitionError(message)
        rules[rule.rule] = rule
    return tuple(rules.values())
