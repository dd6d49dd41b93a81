"""The composition root: the only place that builds the object graph."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from hashlib import sha256

from prometheus_client import CollectorRegistry

from alerts.quality import Inspector
from alerts.service import AlertService
from alerts.store import AlertStore
from collector.access import Access, RateLimits
from collector.lookup import Lookup
from collector.metrics import own_registry
from collector.policy import Policy, policy_of
from collector.publishing import Publisher
from collector.quarantine import QuarantineStore
from collector.replay import Replayer
from collector.service import Collector, Limits
from collector.traces import Traces
from core.clickhouse import Database
from core.clock import Clock
from core.integrations import Expected, Integrations
from core.kept_answers import KeptAnswers
from core.keys import KeyRing, KeyStore
from core.migrations import Migration, migrate
from core.problems import WrongDefinitionError
from core.registry import Registry, load_registry, publish_registry
from core.retention import apply_retention
from core.settings import Settings
from correlator.catalogue import Models
from correlator.families import Families
from correlator.findings import Findings
from correlator.held_values import HeldValues
from correlator.journeys import Journeys
from correlator.kept_choices import KeptChoices
from correlator.kept_stalls import KeptStalls
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.naming_views import publish_names
from correlator.own_names import OwnNames, own_names
from correlator.rebuilding import Rebuilds
from correlator.registered import calendar_keys
from correlator.remembered import RememberedFindings
from correlator.stalls import Stalls
from correlator.tick import Correlator, RunReport
from correlator.versions import Versions
from correlator.whole_reads import WholeReads, only
from slo.aging import Aging
from slo.awaiting import Awaiting
from slo.calendars import publications, publish_calendars
from slo.evaluations import Evaluations
from slo.forecast import Forecasts
from slo.kept_aging import KeptAging
from slo.kept_forecast import KeptForecasts
from slo.kept_kpis import KeptKpis
from slo.kept_lag import KeptLag, KeptLagComparisons
from slo.kept_objectives import KeptObjectives
from slo.kpi_rules import KpiRules
from slo.kpis import Kpis
from slo.lag import Lag
from slo.lag_comparison import LagComparisons
from slo.objective_loading import load_objectives, objective_names
from slo.objectives import Objective, values_selected
from slo.views import Views
from stallwatch.soundness import wrong_calendars
from web.services import PublicSettings, Services
from web.strangers import Defined
from web.telemetry import Telemetry

BOARD_PAUSE = 2  # times as long as reckoning took: a third of the time at most goes into it, while people look
FIGURES_PAUSE = 20  # times as long as reckoning took: a twentieth of the time at most goes into it
FIGURES_AT_LONGEST = timedelta(minutes=15)  # what takes long to reckon is told late rather than waited for


@dataclass(frozen=True)
class House:
    """Everything that runs, built once over one database. Parts are made when first asked for.

    One that is not `serving` leaves in force, on a server's store, the policy that serving processes published.
    """

    settings: Settings
    clock: Clock
    registry: Registry
    models: tuple[JourneyModel, ...]
    database: Database
    serving: bool = True

    def upgrade(self) -> list[Migration]:
        """Bring the schema up to date; return what was applied. Safe to repeat."""
        applied = migrate(self.database, self.clock)
        if applied:  # perhaps views of facts anew, without names; a server publishes its own with its next tick
            publish_names(self.database, self.names)
        return applied

    def prepare(self) -> list[Migration]:
        """Bring the schema and retention up to date and publish the registry and its calendars. Safe to repeat."""
        applied = self.upgrade()
        apply_retention(self.database, self.settings)
        publish_registry(self.database, self.registry, self.clock)
        self._publish_calendars()
        if not self._gives_way:
            publish_names(self.database, self.names)
        return applied

    def _publish_calendars(self) -> tuple[str, ...]:
        return publish_calendars(self.database, self.registry, self.clock, calendar_keys(self.models, self.registry))

    @cached_property
    def metrics(self) -> CollectorRegistry:
        """Our own metrics."""
        return own_registry()

    @cached_property
    def collector(self) -> Collector:
        """The way in."""
        body, in_flight = self.settings.max_body_bytes, self.settings.max_in_flight_bytes
        limits = Limits(body, in_flight, max_in_flight_bytes_per_key=self.settings.in_flight_bytes_per_key)
        return Collector(self.database, self.clock, limits, self.metrics, self.publisher)

    @cached_property
    def policy(self) -> Policy:
        """What the collector lets through. Raises DefinitionError."""
        return policy_of(self.settings)

    @cached_property
    def publisher(self) -> Publisher:
        """What makes the policy known: nobody else holds an embedded store, so there the settings always hold."""
        return Publisher(self.database, self.clock, self.policy, self._gives_way)

    @property
    def _gives_way(self) -> bool:
        return not (self.serving or self.database.embedded)

    @cached_property
    def replayer(self) -> Replayer:
        """The way in for what is in quarantine, under the policy in force."""
        return Replayer(self.database, self.clock, self.policy)

    @cached_property
    def keys(self) -> KeyRing:
        """The API keys in force."""
        ring = KeyRing(KeyStore(self.database, self.clock), self.clock)
        ring.refresh()
        return ring

    @cached_property
    def integrations(self) -> Integrations:
        """The integrations in force."""
        known = Integrations(self.database, self.clock, self._publish_policy)
        known.refresh()
        return known

    def _publish_policy(self) -> None:
        self.collector.publish_policy()

    @property
    def expected(self) -> Expected:
        """What is expected to exist, now."""
        return Expected(self.registry, self.integrations)

    @cached_property
    def access(self) -> Access:
        """Who may send."""
        return Access(self.keys, RateLimits(self.integrations.rate_of), required=self.settings.keys_required)

    def refresh_access(self) -> None:
        """Take up the keys and integrations that were changed elsewhere. What the store cannot tell stays as it is."""
        self.keys.refresh()
        self.integrations.refresh()
        self.collector.publish_policy()

    @property
    def definitions(self) -> str:
        """A digest of facilities and calendars, which all that is derived rests on.

        It does not rest on what is expected of integrations: silence is judged when it is asked for.
        """
        known = [self.registry.model_dump_json(exclude={"integrations"}), *publications(self.database)]
        return sha256("\n".join(known).encode()).hexdigest()

    @cached_property
    def names(self) -> OwnNames:
        """The other names that models and registry give."""
        return own_names(self.models, self.registry)

    @cached_property
    def correlators(self) -> tuple[Correlator, ...]:
        """One correlator a model; a change of facilities or calendars makes each derive everything anew."""
        definitions = self.definitions
        return tuple(
            Correlator(self.database, model, self.clock, definitions=definitions, names=self.names)
            for model in self.models
        )

    def refresh(self) -> None:
        """Publish registry and calendars again, further ahead; derive everything anew where that changed anything."""
        publish_registry(self.database, self.registry, self.clock)
        renamed = publish_names(self.database, self.names)
        if self._publish_calendars() or renamed:
            self.rebuild()

    def tick(self) -> list[RunReport]:
        """Follow what new facts touched, in every model that is not being rebuilt meanwhile."""
        reports = [correlator.tick_unless_busy() for correlator in self.correlators]
        return [report for report in reports if report]

    def rebuild(self) -> list[RunReport]:
        """Derive everything anew, in every model."""
        return [correlator.rebuild() for correlator in self.correlators]

    @cached_property
    def rebuilds(self) -> Rebuilds:
        """Rebuilds of single models that are asked for while everything runs."""
        return Rebuilds(
            lambda: {each.model: it.rebuild for each, it in zip(self.models, self.correlators, strict=True)}, self.clock
        )

    @cached_property
    def derived(self) -> Database:
        """The store as readers of what is derived see it: by the models configured, never between two derivations."""
        names = [model.model for model in self.models]
        return self.database.guarded(WholeReads(self.database, names), only(names))

    @cached_property
    def stalls(self) -> Stalls:
        """What is stalled, and why."""
        return Stalls(self.derived, self.models)

    @cached_property
    def board(self) -> KeptAnswers:
        """What the console asks of the present board. A third of the time at most goes into it."""
        return KeptAnswers(self.clock, time.monotonic, BOARD_PAUSE)

    @cached_property
    def kept_stalls(self) -> KeptStalls:
        """What is stalled, as the console asks for it."""
        return KeptStalls(self.stalls, self.derived, self.board, self.clock)

    @cached_property
    def journeys(self) -> Journeys:
        """Journeys and handoffs."""
        return Journeys(self.derived, self.models, names=self.names)

    @cached_property
    def versions(self) -> Versions:
        """The models that were ever in force."""
        return Versions(self.database)

    @cached_property
    def known_models(self) -> Models:
        """The models that are configured or were ever in force, as people look them up."""
        return Models(self.database, self.models)

    @cached_property
    def findings(self) -> Findings:
        """What the facts say that cannot be."""
        return Findings(self.database, self.models)

    @cached_property
    def lag(self) -> Lag:
        """Lag per facility and handoff."""
        return Lag(self.derived)

    @cached_property
    def kept(self) -> KeptAnswers:
        """Figures of the present as the console asks for them; the job "figures" keeps them."""
        return KeptAnswers(self.clock, time.monotonic, FIGURES_PAUSE, FIGURES_AT_LONGEST)

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        """The objectives in force. Raises WrongDefinitionError."""
        return load_objectives(objective_names(self.settings), self.models).objectives

    @cached_property
    def forecasts(self) -> Forecasts:
        """What will be late."""
        return Forecasts(self.derived, self.models)

    @cached_property
    def lag_comparisons(self) -> LagComparisons:
        """Lag of one time against another."""
        return LagComparisons(self.derived)

    @cached_property
    def evaluations(self) -> Evaluations:
        """The objectives in force, as of any instant."""
        return Evaluations(self.derived, self.models, self.objectives)

    @cached_property
    def kpis(self) -> Kpis:
        """KPIs with their definitions."""
        rules = KpiRules.of(self.models, self.settings.system_actors)
        return Kpis(self.derived, self.models[0].model, rules)

    @cached_property
    def views(self) -> Views:
        """The ready views."""
        return Views(self.derived, self.models)

    @cached_property
    def alert_store(self) -> AlertStore:
        """Alerts as others see them."""
        return AlertStore(self.database)

    def alerts(self, clock: Clock | None = None, *, console_port: int | None = None) -> AlertService:
        """Build the alert service, on another clock where the past is to be judged.

        `console_port` is the one the console got, where the settings left the choice open.
        """
        settings = self.settings.model_copy(update={"console_port": console_port}) if console_port else self.settings
        inspector = Inspector(self.findings, self._owner_of)
        return AlertService.from_settings(self.database, self.stalls, clock or self.clock, settings, inspector)

    def _owner_of(self, integration: str) -> str:
        entry = self.integrations.entries.get(integration)
        return entry.integration.owner if entry else ""

    @property
    def _titles(self) -> dict[str, str]:
        return {key: handoff.title for model in self.models for key, handoff in model.handoffs.items()}

    @property
    def defined(self) -> Defined:
        """What filters can be set to, as far as that is defined."""
        held = HeldValues(self.database).held
        return Defined(self.registry, self._titles, held, lambda: values_selected(self.objectives))

    @cached_property
    def services(self) -> Services:
        """What the console stands on."""
        return Services(
            clock=self.clock,
            registry=self.expected,
            stalls=self.kept_stalls,
            choices=KeptChoices(self.stalls.choices, self.kept),
            held=HeldValues(self.database),
            journeys=self.journeys,
            models=self.known_models,
            rebuilds=self.rebuilds,
            families=Families(self.derived, [model.model for model in self.models], names=self.names),
            findings=RememberedFindings(self.findings, self.clock),
            lag=KeptLag(self.lag, self.kept),
            lag_comparisons=KeptLagComparisons(self.lag_comparisons, self.kept),
            forecasts=KeptForecasts(self.forecasts, self.kept),
            aging=KeptAging(Aging(self.derived, self.models, self.settings.aging_bounds_days), self.kept),
            kpis=KeptKpis(self.kpis, self.kept),
            awaiting=Awaiting(self.database, self.models),
            views=self.views,
            objectives=KeptObjectives(self.evaluations, self.kept),
            alerts=self.alert_store,
            quarantine=QuarantineStore(self.database),
            replays=self.replayer,
            keys=self.keys,
            integrations=self.integrations,
            keys_required=self.settings.keys_required,
            telemetry=Telemetry(self.database, self.expected),
            facts=Lookup(self.database),
            traces=Traces(self.database),
            settings=PublicSettings(self.settings.collector_url),
            metrics=self.metrics,
            handoff_titles=self._titles,
            selected=values_selected(self.objectives),
        )

    def services_beside(self, otlp_port: int) -> Services:
        """Return what the console stands on beside a collector on this port: the settings can leave the choice open."""
        settings = self.settings.model_copy(update={"otlp_port": otlp_port})
        return replace(self.services, settings=PublicSettings(settings.collector_url))


@contextmanager
def open_house(
    settings: Settings, clock: Clock, *, registry: Registry | None = None, serving: bool = False
) -> Iterator[House]:
    """Read the definitions, open the store, and hand out the house; close it at the end.

    Raises DefinitionError, SettingsError or StoreUnavailableError, each with one clear line.
    """
    models = load_models(settings.models)
    known = registry or load_registry(settings.registry)
    calendar_keys(models, known)  # a calendar that nobody defined is refused before anything is opened
    if serving:  # so are wrong objectives: pages ask for them all day
        load_objectives(objective_names(settings), models)
    if registry is None and (wrong := wrong_calendars(settings.registry)):
        raise WrongDefinitionError(wrong)
    database = Database.open(settings.store)
    try:
        yield House(settings, clock, known, models, database, serving)
    finally:
        database.close()
