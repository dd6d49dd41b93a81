"""Ready views: lists that somebody works through every morning, as of any instant.

Adding one: a line in `VIEWS`, its query in `sql/view_<key>.sql`, a test.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.clickhouse import Database
from core.errors import NotFoundError
from core.filters import Filters
from core.paging import Page, page_of
from core.problems import one_of
from core.sql import expanded, sql
from core.vocabulary import ObjectRef
from correlator.conditions import own
from correlator.model import JourneyModel


@dataclass(frozen=True)
class View:
    """What a view lists, in words. `awaits` is the event that ends what it lists, where it lists open handoffs."""

    key: str
    title: str
    text: str
    noun: str
    awaits: str = ""


VIEWS = (
    View(
        "blocked_invoices",
        "Blocked invoices",
        "Invoices that are neither paid nor voided, and are blocked for payment or have an open exception.",
        "invoice",
        "exception.resolved",
    ),
    View(
        "unmatched_receipts",
        "Unmatched receipts",
        "Goods receipts that stand, over whose order no invoice is matched. Left out: consignment and flows that "
        "expect "
        "no receipt.",
        "receipt",
    ),
    View(
        "gr_ir_balance",
        "GR/IR balance",
        "Orders whose receipts and invoices do not balance: received minus invoiced, by quantity where all of them "
        "state "
        "one, else by amount, else by documents, and then only where one side has none. Above zero an invoice is "
        "awaited, below it goods. The amount is that share of the order.",
        "order",
    ),
    View(
        "unacknowledged_orders",
        "Orders pending acknowledgement",
        "Orders that the ERP has and their supplier has not acknowledged, due or not.",
        "order",
        "purchase_order.acknowledged",
    ),
    View(
        "unreflected_payments",
        "Payments not reflected",
        "Payments that were executed and that reporting does not show yet, due or not.",
        "payment",
        "payment.reflected",
    ),
)


@dataclass(frozen=True)
class ViewItem:
    """One row of a view. `age_seconds` is clock time since `since`; `owner` is whose move it is.

    `received` and `invoiced` are in `basis` (quantity, amount or documents) where the view balances them, else None.
    """

    object: ObjectRef
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str
    amount: Decimal | None
    currency: str
    since: datetime
    age_seconds: int
    due_at: datetime | None
    owner: str
    note: str
    basis: str
    received: float | None
    invoiced: float | None


@dataclass(frozen=True)
class ViewSummary:
    """A view with how much it holds, the oldest's beginning, amounts by currency, and how many rows are whose move."""

    view: View
    held: int
    oldest: datetime | None
    amounts: dict[str, Decimal]
    owners: dict[str, int]


class Views:
    """Queries for the ready views; journeys are those of the first model."""

    def __init__(self, database: Database, models: Iterable[JourneyModel]) -> None:
        """`models` say which handoffs a view lists, and whose move they are."""
        models = tuple(models)
        handoffs = [(model.model, key, handoff) for model in models for key, handoff in model.handoffs.items()]
        self._database = database
        self._model = models[0].model
        self._awaiting = {
            view.key: [(model, key) for model, key, handoff in handoffs if view.awaits in own(handoff.stop)]
            for view in VIEWS
        }
        self._owners = {key: handoff.owner for _, key, handoff in handoffs}

    def all(self, filters: Filters) -> list[ViewSummary]:
        """Return every view with what it holds as of `filters.as_of`. `handoff` and `cause` do not apply."""
        return [self.summary(view.key, filters) for view in VIEWS]

    def summary(self, key: str, filters: Filters) -> ViewSummary:
        """Return one view with what it holds. Raises NotFoundError."""
        view = view_of(key)
        (row,) = self._database.rows(_reading("view_sums", key), **self._values(key, filters))
        amounts = {currency: amount for currency, amount in sorted(row["amounts"].items()) if amount}
        owners = dict(sorted(row["owners"].items(), key=lambda each: -each[1]))
        return ViewSummary(view, row["held"], row["oldest"], amounts, owners)

    def page(self, key: str, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[ViewItem]:
        """Return some rows of a view, the oldest first. Raises NotFoundError, MisuseError."""
        view_of(key)
        values, query = self._values(key, filters), _reading("view_page", key)

        def ask(after: int, most: int) -> list[dict[str, Any]]:
            return self._database.rows(query, **values, limit=most, after=after)

        return page_of(ask, _item, cursor, limit)

    def _values(self, key: str, filters: Filters) -> dict[str, Any]:
        owned = {"owned": list(self._owners), "owners": list(self._owners.values())}
        return filters.parameters() | owned | {"model": self._model, "promises": self._awaiting[key]}


def view_of(key: str) -> View:
    """Return a view by its key. Raises NotFoundError."""
    for view in VIEWS:
        if view.key == key:
            return view
    message = f"there is no view {key!r}{one_of(key, [view.key for view in VIEWS])}"
    raise NotFoundError(message)


def _reading(figures: str, key: str) -> str:
    return expanded(sql("slo", figures).replace("view_$key", f"view_{key}"))


def _item(row: dict[str, Any]) -> ViewItem:
    told = {name: row[name] for name in ViewItem.__dataclass_fields__ if name != "object"}
    return ViewItem(object=ObjectRef(row["object_type"], row["object_id"]), **told)
