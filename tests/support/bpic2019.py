"""The samples of the BPI Challenge 2019 as OCEL documents, and their check figures computed by Python alone.

Read for what they are: `bpic2019-sample` tells local time, `bpic2019-sap-tables/ground_truth_log.csv` the same process
in UTC; "Vendor creates invoice" (and "debit memo") is a date without time, dressed as 23:59 local. A case is a line of
an order, of which it is told as of an object of its own; lines of one order repeat its instants.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SAMPLE, TABLES = SHARED / "bpic2019-sample", SHARED / "bpic2019-sap-tables"
# A company of the Netherlands: in this zone the two samples tell the same instants where they share cases.
ZONE = ZoneInfo("Europe/Amsterdam")
ORDER, RECEIPT, INVOICE, CLEARED = (
    "Create Purchase Order Item",
    "Record Goods Receipt",
    "Record Invoice Receipt",
    "Clear Invoice",
)
VENDOR = "Vendor creates invoice"
FLOWS = {
    "2-way match": "two_way",
    "3-way match, invoice after GR": "receipt_based",
    "3-way match, invoice before GR": "three_way",
    "Consignment": "consignment",
}
VOCABULARY = """
vocabulary: bpic2019
version: 1
objects: {line: order_line, order: purchase_order, vendor: supplier}
events:
  Create Purchase Order Item: order_line.created
  Record Goods Receipt: order_line.received
  Record Invoice Receipt: order_line.invoiced
  Clear Invoice: order_line.cleared
  Vendor creates invoice: order_line.billed
event_fields: {flow: flow_type, vendor: supplier}
"""
MODEL = """
model: bpic2019
version: 1
title: Lines of orders
anchor: order_line
objects:
  order_line: {title: Line}
  purchase_order: {title: Purchase order, attaches_via: [order_line]}
handoffs:
  order_to_receipt:
    title: Order → receipt
    on: order_line
    start: [order_line.created]
    stop: [order_line.received]
    flow_types: [three_way, receipt_based, consignment]
  receipt_to_invoice:
    title: Receipt → invoice
    on: order_line
    start: [order_line.received]
    stop: [order_line.invoiced]
    flow_types: [receipt_based]
  invoice_to_clearing:
    title: Invoice → cleared
    on: order_line
    start: [order_line.invoiced]
    stop: [order_line.cleared]
    flow_types: [two_way, three_way, receipt_based]
"""


@dataclass(frozen=True)
class Told:
    """One event of a case, its time as the file has it."""

    case: str
    activity: str
    at: datetime
    flow: str = ""
    vendor: str = ""


def sample_events(*, day_first: bool = False) -> list[Told]:
    """Return the events of `bpic2019-sample` in UTC; `day_first`: days and months exchanged where that is a date."""
    with (SAMPLE / "cases.csv").open(encoding="utf-8", newline="") as file:
        cases = {row["case_id"]: row for row in csv.DictReader(file)}
    with (SAMPLE / "events.csv").open(encoding="utf-8", newline="") as file:
        return [
            Told(
                row["case_id"],
                row["activity"],
                exchanged(datetime.fromisoformat(row["timestamp"]), wanted=day_first)
                .replace(tzinfo=ZONE)
                .astimezone(UTC),
                FLOWS[cases[row["case_id"]]["item_category"]],
                cases[row["case_id"]]["vendor"],
            )
            for row in csv.DictReader(file)
        ]


def table_events(*, day_first: bool = False) -> list[Told]:
    """Return the events of `bpic2019-sap-tables`, which are in UTC."""
    with (TABLES / "ground_truth_log.csv").open(encoding="utf-8", newline="") as file:
        return [
            Told(row["case_id"], row["activity"], exchanged(datetime.fromisoformat(row["timestamp"]), wanted=day_first))
            for row in csv.DictReader(file)
        ]


def exchanged(at: datetime, *, wanted: bool) -> datetime:
    """Return the instant with day and month exchanged, where that is wanted and a date."""
    return at.replace(day=at.month, month=at.day) if wanted and at.day <= 12 else at


def document(events: Iterable[Told]) -> dict[str, Any]:
    """Return an OCEL document: each event touches its line and its order."""
    events = list(events)
    text = [{"name": name, "type": "string"} for name in ("flow", "vendor")]
    lines = {each.case for each in events}
    objects = [(f"line:{case}", "line") for case in sorted(lines)]
    objects += [(f"order:{order}", "order") for order in sorted({order_of(case) for case in lines})]
    return {
        "objectTypes": [{"name": name, "attributes": []} for name in ("line", "order")],
        "eventTypes": [{"name": name, "attributes": text} for name in sorted({each.activity for each in events})],
        "objects": [{"id": name, "type": kind, "attributes": [], "relationships": []} for name, kind in objects],
        "events": [
            {
                "id": f"e{place}",
                "type": each.activity,
                "time": each.at.isoformat().replace("+00:00", "Z"),
                "attributes": [
                    {"name": name, "value": value}
                    for name, value in (("flow", each.flow), ("vendor", each.vendor))
                    if value
                ],
                "relationships": [
                    {"objectId": f"line:{each.case}", "qualifier": "line"},
                    {"objectId": f"order:{order_of(each.case)}", "qualifier": "order"},
                ],
            }
            for place, each in enumerate(events)
        ],
    }


def order_of(case: str) -> str:
    """Return the order of a line: "4507000647_00010" → "4507000647"."""
    return case.partition("_")[0]


def firsts(events: Iterable[Told], activity: str) -> dict[str, datetime]:
    """Return when each case first had an activity."""
    found: dict[str, datetime] = {}
    for each in events:
        if each.activity == activity:
            found[each.case] = min(each.at, found.get(each.case, each.at))
    return found


def lag(events: Iterable[Told], start: str, stop: str) -> tuple[int, float]:
    """Return in how many cases both happened, and the median days from first to first."""
    events = list(events)
    begun, ended = firsts(events, start), firsts(events, stop)
    days = [(ended[case] - begun[case]).total_seconds() / 86_400 for case in begun.keys() & ended.keys()]
    return len(days), median(days)


def count(events: Iterable[Told], chosen: Callable[[Told], bool]) -> int:
    """Return how many events are chosen."""
    return sum(map(chosen, events))
