"""The traces behind the events: a few spans across services for each hop, and the polls that show a system is alive."""

from collections.abc import Iterator
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
    "supplier_network": ("edi-gateway", "supplier-portal"),
}
# Who hands the document over; other hops begin in the integration itself.
SENDERS: dict[str, str] = {
    "purchase_order.synced": "procurement",
    "purchase_order.acknowledged": "procurement",
    "goods_receipt.synced": "inventory",
    "invoice.received": "supplier_network",
    "invoice.posted": "ap_automation",
    "payment.released": "erp",
    "payment.reflected": "payments",
}
FAILURES = ("503 Service Unavailable", "connection timed out after 30 s", "502 Bad Gateway", "401 token expired")


def trace(
    rng: Random,
    integration: str,
    event_type: str,
    at: datetime,
    objects: tuple[ObjectRef, ...],
    disturbances: Disturbances,
    held_until: datetime | None = None,
) -> list[Span]:
    """The spans of a hop that went well and ended with its event at `at`."""
    begun = at - timedelta(milliseconds=rng.uniform(400, 1500))
    return _spans(rng, integration, event_type, begun, at, objects, disturbances, "", held_until)


def failed_trace(
    rng: Random,
    integration: str,
    event_type: str,
    at: datetime,
    objects: tuple[ObjectRef, ...],
    disturbances: Disturbances,
) -> list[Span]:
    """The spans of a try at `at` that failed: each of them ends in error."""
    adapter, _ = SERVICES[integration]
    failure = f"{rng.choice(FAILURES)} from {adapter}"
    ended = at + timedelta(milliseconds=rng.uniform(900, 5_000))
    return _spans(rng, integration, event_type, at, ended, objects, disturbances, failure, None)


def _spans(
    rng: Random,
    integration: str,
    event_type: str,
    begun: datetime,
    ended: datetime,
    objects: tuple[ObjectRef, ...],
    disturbances: Disturbances,
    failure: str,
    held_until: datetime | None,
) -> list[Span]:
    adapter, system = SERVICES[integration]
    sender = SENDERS.get(event_type, integration)
    hops = [
        (integration, adapter, f"receive {event_type}", SERVER),
        (integration, system, f"apply {event_type}", INTERNAL),
    ]
    if sender != integration and not disturbances.silent(sender, begun):
        hops.insert(0, (sender, SERVICES[sender][0], f"send {event_type}", CLIENT))
    if failure:
        hops.pop()  # it never got as far as the system behind the adapter
    trace_id, parent, spans = rng.getrandbits(128).to_bytes(16, "big"), b"", []
    length = (ended - begun) / (2 * len(hops))
    for place, (owner, service, name, kind) in enumerate(hops):
        span_id = rng.getrandbits(64).to_bytes(8, "big")
        delivered = held_until or _told(ended + timedelta(seconds=5), begun, disturbances.as_of)
        started, stopped = begun + length * place, ended - length * place / 2
        spans.append(
            Span(trace_id, span_id, parent, owner, service, name, kind, started, stopped, delivered, failure, objects)
        )
        parent = span_id
    return spans


def signs_of_life(
    registry: Registry, rng: Random, begins: datetime, ends: datetime, disturbances: Disturbances
) -> Iterator[Span]:
    """Polls of every integration, two to each heartbeat; they fail in an outage and are missing in a silence."""
    for integration, entry in registry.integrations.items():
        if entry.heartbeat is None or integration not in SERVICES:
            continue
        at = begins + entry.heartbeat * rng.uniform(0, 0.4)
        while at < ends:
            if not disturbances.silent(integration, at):
                failure = "503 Service Unavailable" if disturbances.failing(integration, at) else ""
                yield _poll(rng, integration, at, failure, disturbances.as_of)
            at += entry.heartbeat * rng.uniform(0.35, 0.5)


def _poll(rng: Random, integration: str, at: datetime, failure: str, as_of: datetime) -> Span:
    adapter, _ = SERVICES[integration]
    ended = at + timedelta(milliseconds=rng.uniform(20, 400))
    told = _told(ended + timedelta(seconds=1), at, as_of)
    ids = rng.getrandbits(128).to_bytes(16, "big"), rng.getrandbits(64).to_bytes(8, "big")
    return Span(*ids, b"", integration, adapter, "poll queue", CLIENT, at, ended, told, failure, ())


def _told(at: datetime, begun: datetime, as_of: datetime) -> datetime:
    """What began before `as_of` is told by then."""
    return min(at, as_of) if begun <= as_of else at
