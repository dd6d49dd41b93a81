"""The ports the console stands on: what it asks of the rooms below, and the one value that carries them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from prometheus_client import CollectorRegistry

from alerts.store import Alert
from collector.health import DEFAULT_WINDOW, ArrivalHour, Window
from collector.lookup import FoundEvent
from collector.quarantine import EVERY, QuarantineCount, QuarantinedRecord, QuarantineFile, QuarantineFilter
from collector.replay import ReplayReport
from collector.traces import FoundTrace
from core.clock import Clock
from core.filters import Filters
from core.instants import LATEST
from core.integrations import Entry
from core.keys import ApiKey, Issued, KeyOrder
from core.paging import Page
from core.registry import Integration, Known
from core.vocabulary import ObjectRef
from correlator.catalogue import KnownModel
from correlator.families import Family, SharedObject
from correlator.findings import Example, Finding
from correlator.journeys import HandoffInstance, Journey, JourneyHeader, JourneysOfObject, Progress
from correlator.naming import OtherIds
from correlator.rebuilding import Rebuild
from correlator.stalls import Stall, StallGroup, StallSummary
from slo.coverage import Coverage
from slo.evaluation import Evaluation
from slo.forecast import Chance, Expected, Outlook
from slo.lag import LagRow
from slo.lag_comparison import ComparedLag
from slo.opened import EVER, Comparison, Opened, Windows
from web.measures import AgingQueries, KpiQueries, ViewQueries
from web.strangers import Defined
from web.telemetry import IntegrationStatus


class Stalls(Protocol):
    """Open handoffs past due (correlator.kept_stalls)."""

    def as_of(self, asked: Filters) -> datetime:
        """Return of which instant to ask: where the present is asked for, maybe of a moment ago, which is kept."""
        ...

    def page(
        self, filters: Filters, *, limit: int = 50, cursor: str | None = None, sort: str = "overdue"
    ) -> Page[Stall]:
        """Return some stalls in order."""
        ...

    def of_journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> Sequence[Stall]:
        """Return what is stalled in one journey, of one model or all, the longest overdue first."""
        ...

    def groups(self, filters: Filters) -> list[StallGroup]:
        """Return the stalls by cause signature, largest first."""
        ...

    def summary(self, filters: Filters) -> StallSummary:
        """Return the headline figures."""
        ...


class Choices(Protocol):
    """What filters can be set to (correlator.kept_choices)."""

    def choices(self, asked: Filters) -> Mapping[str, Sequence[str]]:
        """Return the values that each filter can take, as they were a moment ago, maybe."""
        ...


class Held(Protocol):
    """What the store holds now (correlator.held_values)."""

    def held(self, dimension: str, asked: Collection[str]) -> Collection[str]:
        """Return those of the values that a fact, a journey or a handoff has in a dimension."""
        ...


class Journeys(Protocol):
    """Journeys and their handoffs (correlator.journeys)."""

    def page(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[JourneyHeader]:
        """Return some journeys, newest first."""
        ...

    def journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> Journey:
        """Return one journey, that of `model` where several know it. Raises NotFoundError."""
        ...

    def of_object(self, ref: ObjectRef, model: str = "") -> JourneysOfObject:
        """Return the roots of the journeys an object belongs to."""
        ...

    def ids(self, ref: ObjectRef) -> OtherIds:
        """Return an object under its own id, whichever is given, with its others."""
        ...

    def handoffs(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[HandoffInstance]:
        """Return some handoff instances, newest first."""
        ...

    def progress(self, at: datetime = LATEST) -> Progress:
        """Return how far the correlator has followed the facts, or had by an instant."""
        ...


class Models(Protocol):
    """Journey models: their definitions and versions (correlator.catalogue)."""

    def all(self, as_of: datetime) -> Sequence[KnownModel]:
        """Return the models that are configured or once were."""
        ...

    def one(self, name: str, as_of: datetime) -> KnownModel:
        """Return one model. Raises NotFoundError."""
        ...


class Rebuilds(Protocol):
    """Rebuilds that are asked for while everything runs (correlator.rebuilding)."""

    def ask(self, model: str, by: str) -> Rebuild:
        """Note that a model is to be rebuilt. Raises NotFoundError."""
        ...

    def of(self, model: str) -> Rebuild | None:
        """Return the newest rebuild of a model, if one was asked for."""
        ...


class FindingQueries(Protocol):
    """What the facts say that cannot be, for each integration (correlator.findings)."""

    def all(self, filters: Filters, window: str = "30d") -> Sequence[Finding]:
        """Return the findings of what was received in the window. Raises MisuseError."""
        ...

    def examples(self, filters: Filters, window: str = "30d") -> Sequence[Example]:
        """Return some events behind each finding. Raises MisuseError."""
        ...


class Families(Protocol):
    """Journeys that hang together over shared objects (correlator.families)."""

    def shared(self, root: ObjectRef, as_of: datetime, model: str) -> Sequence[SharedObject]:
        """Return what a journey of a model shares with others of it, the most shared first."""
        ...

    def family(self, root: ObjectRef, as_of: datetime, model: str = "") -> Family:
        """Return the family of a journey, that of `model` where several know it. Raises NotFoundError."""
        ...


class LagQueries(Protocol):
    """How long handoffs take, and of which instant that is: of the present maybe of a moment ago (slo.kept_lag)."""

    def by_facility(
        self, filters: Filters, *, group_by: Sequence[str] = ("facility", "handoff"), opened: Opened = EVER
    ) -> tuple[Sequence[LagRow], datetime]:
        """Return a row for each facility and handoff, or other groups. Raises MisuseError."""
        ...

    def trend(
        self, filters: Filters, step: str = "week", *, group_by: Sequence[str] = (), opened: Opened = EVER
    ) -> tuple[Sequence[LagRow], datetime]:
        """Return a row for each day, week or month of opening. Raises MisuseError."""
        ...


class LagComparisonQueries(Protocol):
    """How long handoffs take, one time against another (slo.kept_lag)."""

    def compare(
        self, filters: Filters, windows: Windows, group_by: Sequence[str] = ("facility", "handoff")
    ) -> tuple[Sequence[ComparedLag], Comparison]:
        """Return a row for each facility and handoff, or other groups, and what is compared. Raises MisuseError."""
        ...


class ForecastQueries(Protocol):
    """What will be late, and of which instant that is: of the present maybe of a moment ago (slo.kept_forecast)."""

    def expected(
        self, filters: Filters, days: int = 7, *, group_by: Sequence[str] = ("facility",)
    ) -> tuple[Sequence[Expected], datetime]:
        """Return for each facility, or other groups, what to expect by each of the next days. Raises MisuseError."""
        ...

    def outlook(self, filters: Filters, days: int = 7, *, likeliest: int = 25) -> tuple[Outlook, datetime]:
        """Return what to expect of each facility, and the likeliest to be late, of one forecast. Raises MisuseError."""
        ...

    def page(self, filters: Filters, days: int = 7, *, limit: int = 50, cursor: str | None = None) -> Page[Chance]:
        """Return open handoff instances, the likeliest to be late first. Raises MisuseError."""
        ...


class Awaiting(Protocol):
    """Who should tell how handoffs ended, and whether they are heard (slo.awaiting)."""

    def coverage(self, filters: Filters) -> Coverage:
        """Return who is awaited by the handoffs that the filters leave."""
        ...


class ObjectiveQueries(Protocol):
    """Objectives as of an instant, of the present maybe of a moment ago (slo.kept_objectives)."""

    def all(self, filters: Filters) -> tuple[Sequence[Evaluation], datetime]:
        """Return every objective that the filters leave anything of, and the instant that they are of."""
        ...

    def one(self, name: str, filters: Filters) -> Evaluation:
        """Return one objective with its past. Raises NotFoundError."""
        ...


class Alerts(Protocol):
    """Alerts and how their notifications fared (alerts.store)."""

    def active(self, as_of: datetime) -> Sequence[Alert]:
        """Return the alerts that were pending or firing, firing first."""
        ...

    def page(self, state: str | None = None, limit: int = 100, after: str | None = None) -> Page[Alert]:
        """Return alerts, the latest change first."""
        ...


class QuarantineQueries(Protocol):
    """Records that were refused (collector.quarantine)."""

    def page(self, limit: int, after: str | None = None, chosen: QuarantineFilter = EVERY) -> Page[QuarantinedRecord]:
        """Return refused records, newest first."""
        ...

    def counts(self, chosen: QuarantineFilter = EVERY) -> Sequence[QuarantineCount]:
        """Return how many there are by reason, integration, signal and status."""
        ...

    def record(self, record_id: str) -> QuarantineFile:
        """Return one record with its history. Raises NotFoundError."""
        ...

    def dismiss(self, ids: Sequence[str], because: str, by: str, clock: Clock) -> Sequence[QuarantinedRecord]:
        """Leave records as they are. Raises MisuseError, NotFoundError."""
        ...


class Replays(Protocol):
    """Taking refused records in after a fix (collector.replay.Replayer)."""

    def preview(self, chosen: QuarantineFilter, corrected: Mapping[str, str] | None = None) -> ReplayReport:
        """Return what would be replayed. Raises MisuseError."""
        ...

    def replay(self, chosen: QuarantineFilter, by: str, corrected: Mapping[str, str] | None = None) -> ReplayReport:
        """Replay records. Raises MisuseError."""
        ...


class Telemetry(Protocol):
    """What has arrived from whom (web.telemetry)."""

    def integrations(self, as_of: datetime, window: Window = DEFAULT_WINDOW) -> Sequence[IntegrationStatus]:
        """Return every integration with its status, and its health in the window before `as_of`."""
        ...

    def arrivals(self, as_of: datetime) -> Mapping[str, Sequence[ArrivalHour]]:
        """Return the hours of the day before `as_of`, oldest first, by integration."""
        ...

    def waiting_since(self, watermark: datetime | None) -> datetime | None:
        """Return when the oldest fact not yet followed was stored."""
        ...


class Facts(Protocol):
    """Single facts, looked up by their ids (collector.lookup.Lookup)."""

    def events(self, event_id: str) -> Sequence[FoundEvent]:
        """Return the events with this id, at most one an integration."""
        ...


class Traces(Protocol):
    """Traces by their id (collector.traces)."""

    def trace(self, trace_id: str, as_of: datetime = ...) -> FoundTrace:
        """Return a trace as of an instant. Raises MisuseError, NotFoundError."""
        ...


class Keys(Protocol):
    """API keys (core.keys.KeyRing)."""

    def identify(self, text: str) -> ApiKey | None:
        """Return the key that this is, active or not. No I/O."""
        ...

    def trouble(self, key: ApiKey) -> str:
        """Return why a key is no good now, '' where it is. No I/O."""
        ...

    def every(self) -> Sequence[ApiKey]:
        """Return every key that was ever made, the newest first."""
        ...

    def create(self, order: KeyOrder, by: str) -> Issued:
        """Make a key."""
        ...

    def revoke(self, key_id: str, by: str) -> ApiKey:
        """End a key. Raises NotFoundError."""
        ...


class IntegrationEntries(Protocol):
    """What is expected of integrations, and who says so (core.integrations.Integrations)."""

    def entry(self, key: str) -> Entry:
        """Return one integration. Raises NotFoundError."""
        ...

    def put(self, key: str, integration: Integration, by: str) -> Entry:
        """Say what is expected of an integration."""
        ...

    def delete(self, key: str, by: str) -> None:
        """Take that back. Raises NotFoundError, MisuseError."""
        ...


@dataclass(frozen=True)
class PublicSettings:
    """What a page may show of the settings. `stale_after` is how far the correlator may lag before a page says so."""

    collector_url: str = "http://127.0.0.1:4318"
    stale_after: timedelta = timedelta(minutes=2)


@dataclass(frozen=True)
class Services:
    """Everything the console is given; `stallwatch/bootstrap.py` builds it. `handoff_titles`: handoff key to title.

    `keys_required`: nothing is shown without a key. `selected`: values of filters that objectives select, by dimension.
    """

    clock: Clock
    registry: Known
    stalls: Stalls
    choices: Choices
    held: Held
    journeys: Journeys
    models: Models
    rebuilds: Rebuilds
    families: Families
    findings: FindingQueries
    lag: LagQueries
    lag_comparisons: LagComparisonQueries
    forecasts: ForecastQueries
    aging: AgingQueries
    kpis: KpiQueries
    awaiting: Awaiting
    views: ViewQueries
    objectives: ObjectiveQueries
    alerts: Alerts
    telemetry: Telemetry
    facts: Facts
    traces: Traces
    quarantine: QuarantineQueries
    replays: Replays
    keys: Keys
    integrations: IntegrationEntries
    keys_required: bool
    settings: PublicSettings = field(default_factory=PublicSettings)
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    handoff_titles: Mapping[str, str] = field(default_factory=dict)
    selected: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def defined(self) -> Defined:
        """What filters can be set to, as far as that is defined."""
        return Defined(self.registry, self.handoff_titles, self.held.held, lambda: self.selected)
