"""Alerts as OpenSLO v1 writes them: kinds AlertPolicy, AlertCondition and AlertNotificationTarget.

Source: the OpenSLO specification, version v1.
"""

from datetime import timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, StrictBool, WithJsonSchema, model_validator

from slo.openslo_forms import Description, Metadata, Name, Object, Written, either
from slo.openslo_values import Shorthand, above_zero, read_delay, read_shorthand

Length = Annotated[Shorthand, PlainValidator(read_shorthand), WithJsonSchema({"type": "string"})]
Delay = Annotated[timedelta, PlainValidator(read_delay), WithJsonSchema({"type": "string"})]
AboveZero = Annotated[Fraction, PlainValidator(above_zero), WithJsonSchema({"type": "number"})]
Operator = Literal["lte", "gte", "lt", "gt"]


class Condition(Written):
    """What of a burn rate is told."""

    kind: Literal["burnrate"] = "burnrate"
    op: Operator
    threshold: AboveZero
    lookback_window: Length
    alert_after: Delay = timedelta()


class AlertConditionSpec(Written):
    """A condition with its severity."""

    description: Description = ""
    severity: str = Field(min_length=1)
    condition: Condition


class PolicyCondition(Written):
    """A condition of a policy: by name, or written there."""

    kind: Literal["AlertCondition"] | None = None
    metadata: Metadata | None = None
    condition_ref: Name | None = None
    spec: AlertConditionSpec | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        either(self, "condition_ref")
        return self


class TargetSpec(Written):
    """Where notifications go, in a word."""

    description: Description = ""
    target: str = Field(min_length=1)


class NotificationTarget(Written):
    """Where notifications of a policy go: by name, or written there. Read, and not used: routing decides here."""

    kind: Literal["AlertNotificationTarget"] | None = None
    metadata: Metadata | None = None
    target_ref: Name | None = None
    spec: TargetSpec | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        either(self, "target_ref")
        return self


class AlertPolicySpec(Written):
    """Which conditions alert, and when somebody is told."""

    description: Description = ""
    alert_when_no_data: StrictBool | None = None
    alert_when_resolved: StrictBool | None = None
    alert_when_breaching: StrictBool | None = None
    conditions: tuple[PolicyCondition, ...] = Field(min_length=1)
    notification_targets: tuple[NotificationTarget, ...] = ()


class PolicyUse(Written):
    """A policy of an SLO: by name, or written there."""

    kind: Literal["AlertPolicy"] | None = None
    metadata: Metadata | None = None
    alert_policy_ref: Name | None = None
    spec: AlertPolicySpec | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, given: Any) -> Any:
        return {"alertPolicyRef": given} if isinstance(given, str) else given  # as earlier v1 files write it

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        either(self, "alert_policy_ref")
        return self


class AlertPolicy(Object):
    """Kind AlertPolicy."""

    spec: AlertPolicySpec


class AlertCondition(Object):
    """Kind AlertCondition."""

    spec: AlertConditionSpec


class AlertNotificationTarget(Object):
    """Kind AlertNotificationTarget."""

    spec: TargetSpec
