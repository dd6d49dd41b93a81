"""The traces behind the events: a few spans across services for each hop, and the polls that show a system is alive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from core.registry import Registry
from core.vocabulary import ObjectRef
from stallwatch.simulator.faults import Disturbances
from stallwatch.simulator.records import Span

INTERNAL, SERVER, CLIENT = 1, 2, 3  # opentelemetry.proto.trace.v1.Span.SpanKind
SERVICES: dict[str, tuple[str, str]] = {  # each integration: its adapter, and the system behind it
    "procurement": ("procurement-adapter", "procurement-suite"),
    "erp": ("erp-gateway", "erp-core"),
    "inventory": ("inventory-adapter", "inventory-core"),
    "ap_automation": ("ap-adapter", "ap-workflow"),
    "payments": ("payments-adapter", "treasury-hub"),
    "reporting": ("reporting-loader", "finance-warehouse"),
    "analytics": ("analytics-loader", "spend-cube"),
    "supplier_network": ("edi-gateway", "supplier-portal"),
}
# Who hands the document over; other hops begin in the integration itself.
SENDERS: dict[str, str] = {
    "purchase_order.synced": "procurement",
    "purchase_order.synced_to_inventory": "erp",
    "purchase_order.synced_to_ap": "erp",
    "purchase_order.acknowledged": "procurement",
    "goods_receipt.synced": "inventory",
    "goods_receipt.synced_to_ap": "erp",
    "invoice.received": "supplier_network",
    "invoice.posted": "ap_automation",
    "payment.released": "erp",
    "payment.reflected": "payments",
    "cost_allocation.reflected": "erp",
    "supplier_record.synced": "procurement",
    "supplier_record.synced_to_ap": "erp",
    "supplier_record.synced_to_inventory": "erp",
    "supplier_record.synced_to_payments": "erp",
}
TOLD_AFTER = timedelta(seconds=5)  # exporters batch their spans
FAILURES = ("503 Service Unavailable", "connection timed out after 30 s", "502 Bad Gateway", "401 token expired")


@dataclass(frozen=True, slots=True)
class Hop:
    """One try of one integration to bring about an event, and the objects it works on."""

    integration: str
    event_type: str
    objects: tuple[ObjectRef, ...]


def trace(
    rng: Random, hop: Hop, at: datetime, disturbances: Disturbances, held_until: datetime | None = None
) -> list[Span]:
    """Return the spans of a hop that went well and ended with its event at `at`."""
    begun = at - timedelta(milliseconds=rng.uniform(400, 1500))
    told = held_until or _told(at + TOLD_AFTER, begun, disturbances.as_of)
    services = _services(hop, begun, disturbances)
    return _spans(rng, hop, services, Timing(begun, at, told))


def failed_trace(rng: Random, hop: Hop, at: datetime, disturbances: Disturbances, refusal: str = "") -> list[Span]:
    """Return the spans of a try at `at` that failed: each of them ends in error, none is of the system behind.

    A `refusal` says what is wrong with the document; else it is the integration that is not well.
    """
    failure = f"{refusal or rng.choice(FAILURES)} from {SERVICES[hop.integration][0]}"
    ended = at + timedelta(milliseconds=rng.uniform(900, 5_000))
    told = _told(ended + TOLD_AFTER, at, disturbances.as_of)
    services = _services(hop, at, disturbances)[:-1]
    return _spans(rng, hop, services, Timing(at, ended, told, failure))


@dataclass(frozen=True, slots=True)
class Timing:
    """When a trace begins, ends and is told, and how it fails ("": it does not)."""

    begun: datetime
    ended: datetime
    told: datetime
    failure: str = ""


def _services(hop: Hop, at: datetime, disturbances: Disturbances) -> list[tuple[str, str, str, int]]:
    """List integration, service, operation and kind along the hop; a sender that is silent shows nothing."""
    adapter, system = SERVICES[hop.integration]
    along = [
        (hop.integration, adapter, f"receive {hop.event_type}", SERVER),
        (hop.integration, system, f"apply {hop.event_type}", INTERNAL),
    ]
    sender = SENDERS.get(hop.event_type, hop.integration)
    if sender != hop.integration and not disturbances.silent(sender, at):
        along.insert(0, (sender, SERVICES[sender][0], f"send {hop.event_type}", CLIENT))
    return along


def _spans(rng: Random, hop: Hop, along: list[tuple[str, str, str, int]], timing: Timing) -> list[Span]:
    """Nest a span for each service in the one before it; no two of them start together."""
    trace_id, parent, spans = rng.getrandbits(128).to_bytes(16, "big"), b"", []
    inset = (timing.ended - timing.begun) / (2 * len(along))
    for depth, (integration, service, name, kind) in enumerate(along):
        span_id = rng.getrandbits(64).to_bytes(8, "big")
        started, ended = timing.begun + inset * depth, timing.ended - inset * depth / 2
        ids, times = (trace_id, span_id, parent), (started, ended, timing.told)
        spans.append(Span(*ids, integration, service, name, kind, *times, timing.failure, hop.objects))
        parent = span_id
    return spans


def signs_of_life(
    registry: Registry, rng: Random, begins: datetime, ends: datetime, disturbances: Disturbances
) -> Iterator[Span]:
    """Yield polls of every integration, within each heartbeat one; failing in an outage, missing in a silence."""
    for integration, entry in registry.integrations.items():
        if entry.heartbeat is None or integration not in SERVICES:
            continue
        at = begins + entry.heartbeat * rng.uniform(0, 0.4)
        while at < ends:
            if not disturbances.silent(integration, at):
                failure = "503 Service Unavailable" if disturbances.failing(integration, at) else ""
                yield _poll(rng, integration, at, failure, disturbances.as_of)
            at += entry.heartbeat * rng.uniform(0.6, 0.9)


def _poll(rng: Random, integration: str, at: datetime, failure: str, as_of: datetime) -> Span:
    adapter, _ = SERVICES[integration]
    ended = at + timedelta(milliseconds=rng.uniform(20, 400))
    told = _told(ended + timedelta(seconds=1), at, as_of)
    ids = rng.getrandbits(128).to_bytes(16, "big"), rng.getrandbits(64).to_bytes(8, "big")
    return Span(*ids, b"", integration, adapter, "poll queue", CLIENT, at, ended, told, failure, ())


def _told(at: datetime, begun: datetime, as_of: datetime) -> datetime:
    """Return when it is told: what began before `as_of` is told by then."""
    return min(at, as_of) if begun <= as_of else at
