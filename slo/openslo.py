"""Objectives as OpenSLO v1 writes them: kinds SLO and Service, and all kinds by name.

Source: the OpenSLO specification, version v1 (github.com/OpenSLO/OpenSLO). What refers to something else, and what an
objective over handoffs needs beyond it, is judged where it is put together (`objective_loading.py`).
"""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, StrictBool, WithJsonSchema, model_validator

from slo import openslo_values as values
from slo.openslo_alerts import (
    AboveZero,
    AlertCondition,
    AlertNotificationTarget,
    AlertPolicy,
    Length,
    Operator,
    PolicyUse,
)
from slo.openslo_forms import Description, Name, Object, Written, one_of
from slo.openslo_indicators import DataSource, InlineSli, Sli

SCHEMA_TEXT, SCHEMA_NUMBER = WithJsonSchema({"type": "string"}), WithJsonSchema({"type": "number"})
Slice = Annotated[timedelta, PlainValidator(values.read_slice), SCHEMA_TEXT]
Target = Annotated[Fraction, PlainValidator(values.share_below_one), SCHEMA_NUMBER]
TargetPercent = Annotated[Fraction, PlainValidator(values.percent_below_hundred), SCHEMA_NUMBER]
SliceTarget = Annotated[Fraction, PlainValidator(values.share_of_slice), SCHEMA_NUMBER]
LocalTime = Annotated[datetime, PlainValidator(values.read_start), SCHEMA_TEXT]
Zone = Annotated[str, PlainValidator(values.read_zone), SCHEMA_TEXT]


class Calendar(Written):
    """When the periods of a calendar window begin, and where."""

    start_time: LocalTime
    time_zone: Zone


class TimeWindow(Written):
    """A rolling window, or one by the calendar."""

    duration: Length
    is_rolling: StrictBool | None = None
    calendar: Calendar | None = None

    @model_validator(mode="after")
    def _rolls_or_has_a_calendar(self) -> Self:
        if self.is_rolling and self.calendar:
            message = "isRolling: true and calendar exclude each other; keep one"
            raise ValueError(message)
        if self.is_rolling is False and not self.calendar:
            message = "isRolling: false needs calendar: {startTime: 2026-01-01 00:00:00, timeZone: …}"
            raise ValueError(message)
        return self


class ObjectiveEntry(Written):
    """One entry of `objectives`: a target, and of a composite its indicator."""

    display_name: str = ""
    op: Operator | None = None
    value: AboveZero | None = None
    target: Target | None = None
    target_percent: TargetPercent | None = None
    time_slice_target: SliceTarget | None = None
    time_slice_window: Slice | None = None
    indicator: InlineSli | None = None
    indicator_ref: Name | None = None
    composite_weight: AboveZero | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        one_of(self, "target", "target_percent")
        if self.indicator or self.indicator_ref:
            one_of(self, "indicator", "indicator_ref")
        return self

    @property
    def share(self) -> Fraction:
        """Its target, as a share."""
        return self.target if self.target is not None else (self.target_percent or Fraction())

    @property
    def has_indicator(self) -> bool:
        """Whether it is a part of a composite."""
        return bool(self.indicator or self.indicator_ref)


def _method(given: Any) -> Any:
    """Read the names of methods in any case: the specification itself writes Timeslices and TimeSlices."""
    known = {"occurrences": "Occurrences", "timeslices": "Timeslices", "ratiotimeslices": "RatioTimeslices"}
    return known.get(given.lower(), given) if isinstance(given, str) else given


class SloSpec(Written):
    """What of an indicator must be reached, in what window."""

    description: Description = ""
    service: Name
    indicator: InlineSli | None = None
    indicator_ref: Name | None = None
    time_window: tuple[TimeWindow, ...] = Field((), max_length=1)
    budgeting_method: Annotated[
        Literal["Occurrences", "Timeslices", "RatioTimeslices"] | None, BeforeValidator(_method)
    ] = None
    objectives: tuple[ObjectiveEntry, ...] = Field(min_length=1)
    alert_policies: tuple[PolicyUse, ...] | None = None

    @model_validator(mode="after")
    def _indicators_here_or_there(self) -> Self:
        parts = [each.has_indicator for each in self.objectives]
        if self.indicator or self.indicator_ref:
            one_of(self, "indicator", "indicator_ref")
            if any(parts):
                message = "an indicator is given here and in objectives: keep one here, or one in each of objectives"
                raise ValueError(message)
        elif not all(parts):
            some = "some of objectives have" if any(parts) else "nothing has"
            message = f"{some} an indicator: give one here, or one in each of objectives"
            raise ValueError(message)
        return self


class ServiceSpec(Written):
    """A group of objectives."""

    description: Description = ""


class Service(Object):
    """Kind Service."""

    spec: ServiceSpec | None = None


class Slo(Object):
    """Kind SLO."""

    spec: SloSpec


KINDS: dict[str, type[Object]] = {
    "Service": Service,
    "SLI": Sli,
    "SLO": Slo,
    "AlertPolicy": AlertPolicy,
    "AlertCondition": AlertCondition,
    "DataSource": DataSource,
    "AlertNotificationTarget": AlertNotificationTarget,
}
