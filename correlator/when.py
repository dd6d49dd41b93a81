"""What a handoff is promised for: which objects, by what is known of them, and which starts, by their reason."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.vocabulary import Criticality
from correlator.conditions import Strict

FlowType = Literal[
    "two_way", "three_way", "receipt_based", "consignment", "evaluated_receipt", "bill_only", "blanket", "non_po"
]
Money = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]  # as amounts are stored: Decimal(18, 4)
Values = Annotated[tuple[str, ...], Field(min_length=1)]
BY_VALUES = ("criticality", "facility", "supplier", "department", "spend_category", "currency")


class AmountRange(Strict):
    """From an amount on, up to another that is no longer of it; in whatever currency it is stated."""

    at_least: Money | None = None
    below: Money | None = None

    @model_validator(mode="after")
    def _holds_amounts(self) -> Self:
        if self.at_least is None and self.below is None:
            message = "neither at_least nor below is given: give one of them, or remove amount"
            raise ValueError(message)
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            message = f"no amount is at least {self.at_least} and below {self.below}"
            raise ValueError(message)
        return self


class When(Strict):
    """Of what is given, each must hold; what is not known of an object is none of the values."""

    flow_type: tuple[FlowType, ...] = Field(
        default=(), min_length=1, description="The same as flow_types of the handoff."
    )
    criticality: tuple[Criticality, ...] = Field(
        default=(), min_length=1, description="What is not known counts as standard."
    )
    facility: Values = ()
    supplier: Values = ()
    department: Values = ()
    spend_category: Values = ()
    currency: Values = ()
    amount: AmountRange | None = None
    reason: tuple[str, ...] = Field(
        default=(), min_length=1, description="Reasons of the events that start it; others do not."
    )
    reason_not: tuple[str, ...] = Field(
        default=(),
        min_length=1,
        description="Reasons of the events that do not start it; all others do, and those without a reason.",
    )

    @model_validator(mode="after")
    def _reasons_are_named_or_left_out(self) -> Self:
        if self.reason and self.reason_not:
            message = "reason and reason_not are both given: name the reasons that start it, or those that do not"
            raise ValueError(message)
        return self

    @property
    def chooses_starts(self) -> bool:
        """Whether some events that would start it do not, for their reason."""
        return bool(self.reason or self.reason_not)

    @property
    def narrows(self) -> bool:
        """Whether it leaves objects out for more than their flow."""
        return bool(self.chooses_starts or list(self.rows()))

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """Yield what the context of an object must be, as the SQL takes it: a field and its values, or a bound."""
        for name in BY_VALUES:
            if values := getattr(self, name):
                yield name, list(values)
        for name, bound in (
            ("at_least", self.amount and self.amount.at_least),
            ("below", self.amount and self.amount.below),
        ):
            if bound is not None:
                yield name, [f"{bound:f}"]
