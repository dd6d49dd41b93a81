"""The wire format of figures and of what watches the watchers: lag, aging, alerts, integrations."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from web.api.wire import Amount, Instant, Wire, WireObject

ReferenceIfAny = Annotated[str, BeforeValidator(lambda ref: str(ref or ""))]
Seconds = Annotated[timedelta, PlainSerializer(timedelta.total_seconds, return_type=float)]


class WireAging(Wire):
    """Open exceptions from `from_days` up to, not including, `to_days` old (null: no end)."""

    facility: str
    reason: str
    supplier: str
    owner: str
    from_days: float
    to_days: float | None
    exceptions: int
    amounts: dict[str, Amount]


class WireKpi(Wire):
    """A KPI: `value` in `unit` (a share is 0 to 1), null where there is nothing to measure or too much is still open.

    In the latter case it is not less than `at_least`. `closed_only`: it rests on finished items alone; `twin` is the
    KPI that counts the open ones too. `lacking` items do not state what it `needs`; if none does, it is `not_measured`.
    `counted` and `measured` say in words what numerator and denominator are; `amounts` and `amounts_of` are theirs.
    """

    key: str
    title: str
    definition: str
    value: float | None
    unit: str
    numerator: int | None
    denominator: int
    at_least: float | None
    counted: str
    measured: str
    exclusions: str
    source: str
    closed_only: bool
    twin: str
    needs: str
    lacking: int
    not_measured: str
    breakdowns: list[str]
    amounts: dict[str, Amount]
    amounts_of: dict[str, Amount]


class WireMeasured(Wire):
    """A KPI of one value (`key`) of what it is told apart by; the other fields as those of a KPI."""

    key: str
    value: float | None
    at_least: float | None
    numerator: int
    denominator: int
    lacking: int
    amounts: dict[str, Amount]
    amounts_of: dict[str, Amount]


class WireKpiItem(Wire):
    """A document behind a KPI; `who` as approvals, integrations and pairs of systems are told apart."""

    object: WireObject
    facility: str
    supplier: str
    department: str
    flow_type: str
    who: str
    note: str
    at: Instant | None
    amount: Amount | None
    currency: str
    in_numerator: bool


class WireView(Wire):
    """A ready view with how much it holds, since when, its amounts by currency, and how many rows are whose move."""

    key: str
    title: str
    text: str
    held: int
    oldest: Instant | None
    amounts: dict[str, Amount]
    owners: dict[str, int]


class WireViewItem(Wire):
    """A row of a ready view: since when, whose move, and what is to be said (`note`).

    `received` and `invoiced` are in `basis` (quantity, amount or documents), in the view that balances them; else null.
    """

    object: WireObject
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str
    amount: Amount | None
    currency: str
    since: Instant
    age_seconds: int
    due_at: Instant | None
    owner: str
    note: str
    basis: str
    received: float | None
    invoiced: float | None


class WireJourneyLag(Wire):
    """Median days from the first `start` event of a journey to its first `stop` event, over the journeys with both.

    An empty `start` is the first event of any type, an empty `stop` the last. Null where no journey has both.
    """

    title: str
    start: str
    stop: str
    journeys: int
    median_days: float | None


class WireFinding(Wire):
    """One kind of data-quality finding at one integration: `found` of `checked` (0: that is not counted).

    `suspected`: told from many events together by `figures`, and certain of none of them. `hours`, of a suspected time
    zone: how many of the integration's events occurred in each hour of the day, by the facilities' clocks; else empty.
    """

    integration: str
    kind: str
    title: str
    suspected: bool
    found: int
    checked: int
    summary: str
    figures: dict[str, float]
    hours: list[int]


class WireFindingExample(Wire):
    """One event behind a finding, and the object to look at (empty: none).

    A record in quarantine has its reason as `event_type`.
    """

    integration: str
    kind: str
    occurred_at: Instant
    event_id: str
    event_type: str
    object: ReferenceIfAny
    note: str


class WireDelivery(Wire):
    """How one notification of an alert fares."""

    notification_id: str
    channel: str
    status: str
    state: str
    attempts: int
    next_attempt_at: Instant
    reason: str


class WireAlert(Wire):
    """A rule's finding with its lifecycle."""

    alert_id: str
    rule: str
    title: str
    state: str
    severity: str
    summary: str
    labels: dict[str, str]
    count: int
    amounts: dict[str, Amount]
    facilities: list[str]
    criticalities: list[str]
    handoffs: list[str]
    since: Instant
    pending_since: Instant
    firing_since: Instant | None
    resolved_at: Instant | None
    owner: str
    cause_code: str
    cause_summary: str
    trace_id: str | None
    deliveries: list[WireDelivery]


class WirePercentiles(Wire):
    """Seconds at a percentile of `n` values, within 1 %; null where there are too few: below 2, 20 and 100."""

    n: int
    p50: float | None
    p95: float | None
    p99: float | None


class WireHealth(Wire):
    """What arrived in the `window` (seconds) up to the minute of `as_of`, counted as received: a repeat counts again.

    `error_rate`: the share of spans that ended in error. `latency`: how long spans took. `event_delay`, `span_delay`:
    from what happened, or a span's end, to its arrival; negative where the sender's clock is ahead. `quarantined`:
    records by reason. `backlog` (seconds): by how much the newest moment told of, in the minute of the last arrival,
    lay behind that arrival. Null is "cannot be told", never "all is well".
    """

    window: Seconds
    events: int
    spans: int
    failed_spans: int
    events_per_minute: float
    spans_per_minute: float
    error_rate: float | None
    latency: WirePercentiles
    event_delay: WirePercentiles
    span_delay: WirePercentiles
    quarantined: dict[str, int]
    last_received: Instant | None
    backlog: Seconds | None


class WireIntegration(Wire):
    """An integration: what is expected of it (`heartbeat` in seconds), when it was last heard, and its health.

    `status`: ok, silent, never_seen, unregistered or no_heartbeat. `stale`: its figures tell of the time before it fell
    silent, if of any.
    """

    integration: str
    name: str
    owner: str
    tier: str
    heartbeat: Seconds | None
    last_seen: Instant | None
    status: str
    stale: bool
    health: WireHealth


class WireArrivals(Wire):
    """What arrived from one integration from `starts_at` up to, not including, `ends_at`."""

    integration: str
    starts_at: Instant
    ends_at: Instant
    events: int
    spans: int
    failed_spans: int
    quarantined: int
