"""The lists of the API, as data: each gives a JSON route and a CSV route that take the same filters.

To add one: a wire model, and one line in `LISTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Generic

from fastapi import APIRouter, Depends, Request, Response

from collector.health import parse_window
from core.filters import DIMENSIONS, Filters
from core.paging import Page, whole
from correlator.findings import parse_window as parse_finding_window
from slo.views import VIEWS
from web.api import forecast, lag
from web.api.wire import (
    API_PREFIX,
    ERRORS,
    Listed,
    Row,
    WireHandoff,
    WireJourney,
    WireReach,
    WireSilence,
    WireStall,
    WireStallGroup,
    wire_page,
)
from web.api.wire_figures import (
    WireAging,
    WireAlert,
    WireArrivals,
    WireFinding,
    WireFindingExample,
    WireIntegration,
    WireJourneyLag,
    WireKpi,
    WireView,
    WireViewItem,
)
from web.api.wire_forecast import WireChance, WireExpected
from web.api.wire_lag import WireLag, WireLagComparison, WireLagPercentile, WireLagTrend
from web.api.wire_models import WireModelVersion
from web.api.wire_objectives import WireObjective, objective_row
from web.export import columns_of, csv_response, every
from web.freshness import followed_by, freshness
from web.parameters import OF_PAGES, ListQuery, parse_bounds, query_taking
from web.services import Services

Fetch = Callable[[Services, ListQuery], Page[Any]]


@dataclass(frozen=True)
class List(Generic[Row]):
    """One list: its path under /api/v1, its wire model, what it is, how to fetch a page, and which filters it knows.

    `extra` is the one of `sort`, `state`, `window` and `bounds` that it also takes, `more` what else. One that is
    `paged` comes in pages of `limit`, as CSV whole; any other comes whole. Not `of_any`: it is of the present alone.
    All its pages are of one instant: `of_instant` returns which, given the one that is asked for.
    """

    path: str
    model: type[Row]
    summary: str
    fetch: Fetch
    dimensions: tuple[str, ...] = DIMENSIONS
    extra: str | None = None
    more: tuple[str, ...] = ()
    paged: bool = False
    of_any: bool = True
    of_instant: Callable[[Services, Filters], datetime] = lambda _, asked: asked.as_of

    def add_to(self, router: APIRouter) -> None:
        """Register the JSON route and the CSV route."""
        name = self.path.replace("/", "-")
        names = (
            *self.dimensions,
            *(["as_of"] if self.of_any else []),
            *([self.extra] if self.extra else []),
            *self.more,
        )
        taken: Any = query_taking((*names, *(OF_PAGES if self.paged else ())))
        taken_whole: Any = query_taking(names)

        def as_json(request: Request, query: Annotated[ListQuery, Depends(taken)]) -> Listed[Row]:
            services = request.app.state.services
            pinned = self._at_its_instant(services, query)
            page = self.fetch(services, pinned)
            as_of = page.as_of or pinned.filters.as_of
            reach = _reach(services, query, as_of) if self.dimensions else None
            return wire_page(self.model, page, as_of, reach)

        def as_csv(request: Request, query: Annotated[ListQuery, Depends(taken_whole)]) -> Response:
            services = request.app.state.services
            pinned = self._at_its_instant(services, query)

            def fetch(cursor: str | None) -> Page[Any]:
                return self.fetch(services, pinned.every(cursor))

            first = fetch(None)
            rows = (self.model.model_validate(item) for item in every(first, fetch))
            as_of = first.as_of or pinned.filters.as_of
            return csv_response(f"stallwatch-{name}", columns_of(self.model), rows, as_of)

        page_model: Any = Listed.__class_getitem__(self.model)
        router.add_api_route(f"/{self.path}", as_json, response_model=page_model, summary=self.summary, name=name)
        summary = f"{self.summary} As CSV."
        router.add_api_route(f"/{self.path}.csv", as_csv, response_class=CSV, summary=summary, name=f"{name}.csv")

    def _at_its_instant(self, services: Services, query: ListQuery) -> ListQuery:
        return replace(query, filters=query.filters.at(self.of_instant(services, query.filters)))


class CSV(Response):
    """A CSV answer, so that OpenAPI names its media type."""

    media_type = "text/csv"


def _reach(services: Services, query: ListQuery, as_of: datetime) -> WireReach:
    fresh = freshness(services, query.filters, as_of)
    silent = [WireSilence.model_validate(each) for each in fresh.coverage.lost]
    return WireReach(
        watermark=fresh.watermark,
        waiting_since=fresh.waiting_since,
        awaited=len(fresh.coverage.awaited),
        silent=silent,
    )


def _stalls(services: Services, query: ListQuery) -> Page[Any]:
    order = {"sort": query.sort} if query.sort else {}
    return services.stalls.page(query.filters, limit=query.limit, cursor=query.cursor, **order)


def _of_stalls(services: Services, asked: Filters) -> datetime:
    return services.stalls.as_of(asked)


def _journeys(services: Services, query: ListQuery) -> Page[Any]:
    return services.journeys.page(query.filters, limit=query.limit, cursor=query.cursor)


def _handoffs(services: Services, query: ListQuery) -> Page[Any]:
    return services.journeys.handoffs(query.filters, limit=query.limit, cursor=query.cursor)


def _aging(services: Services, query: ListQuery) -> Page[Any]:
    bounds, groups = parse_bounds(query.bounds) or None, ("facility", "reason", "supplier", "owner")
    found, as_of = services.aging.buckets(query.filters, bounds, group_by=groups)
    return whole(({**each.keys, **vars(each)} for each in found), as_of)


def _kpis(services: Services, query: ListQuery) -> Page[Any]:
    return whole(*services.kpis.all(query.filters))


def _views(services: Services, query: ListQuery) -> Page[Any]:
    return whole({**vars(each.view), **vars(each)} for each in services.views.all(query.filters))


def _view(key: str, services: Services, query: ListQuery) -> Page[Any]:
    return services.views.page(key, query.filters, limit=query.limit, cursor=query.cursor)


def _journey_lags(services: Services, query: ListQuery) -> Page[Any]:
    return whole(*services.kpis.journey_lags(query.filters))


def _objectives(services: Services, query: ListQuery) -> Page[Any]:
    found, as_of = services.objectives.all(query.filters)
    watermark = followed_by(services, query.filters, as_of)
    return whole((objective_row(each, watermark) for each in found), as_of)


def _findings(services: Services, query: ListQuery) -> Page[Any]:
    return whole(services.findings.all(query.filters, parse_finding_window(query.window)))


def _finding_examples(services: Services, query: ListQuery) -> Page[Any]:
    return whole(services.findings.examples(query.filters, parse_finding_window(query.window)))


def _models(services: Services, query: ListQuery) -> Page[Any]:
    known = services.models.all(query.filters.as_of)
    return whole(
        {**vars(version), "in_force": each.configured and version.until is None}
        for each in known
        for version in each.versions
    )


def _alerts(services: Services, query: ListQuery) -> Page[Any]:
    return services.alerts.page(query.state, query.limit, query.cursor)


WITHOUT_CAUSE = tuple(name for name in DIMENSIONS if name != "cause")
WITHOUT_HANDOFF = tuple(name for name in WITHOUT_CAUSE if name != "handoff")
LISTS: tuple[List[Any], ...] = (
    List(
        "stalls",
        WireStall,
        "Open handoffs past their due moment.",
        _stalls,
        extra="sort",
        paged=True,
        of_instant=_of_stalls,
    ),
    List(
        "stalls/groups",
        WireStallGroup,
        "Stalls by cause.",
        lambda s, q: whole(s.stalls.groups(q.filters)),
        of_instant=_of_stalls,
    ),
    List("journeys", WireJourney, "Journeys, newest first.", _journeys, WITHOUT_CAUSE, paged=True),
    List("handoffs", WireHandoff, "Handoff instances, newest first.", _handoffs, WITHOUT_CAUSE, paged=True),
    List("lag", WireLag, "Lag by facility and handoff, or other groups.", lag.rows, WITHOUT_CAUSE, more=lag.OF_ROWS),
    List(
        "lag/percentiles",
        WireLagPercentile,
        "Percentiles of lag with their bands, one a row.",
        lag.percentiles,
        WITHOUT_CAUSE,
        more=lag.OF_ROWS,
    ),
    List(
        "forecast",
        WireExpected,
        "How many of those open now will be late, day by day.",
        forecast.expected,
        WITHOUT_CAUSE,
        more=forecast.OF_EXPECTED,
    ),
    List(
        "forecast/handoffs",
        WireChance,
        "Open handoffs by how likely they are to be late.",
        forecast.chances,
        WITHOUT_CAUSE,
        more=forecast.OF_CHANCES,
        paged=True,
    ),
    List("lag/trend", WireLagTrend, "Lag by when it was opened.", lag.trend, WITHOUT_CAUSE, more=lag.OF_TREND),
    List(
        "lag/comparison",
        WireLagComparison,
        "Lag of what was opened in one window against another, at the same age.",
        lag.comparison,
        WITHOUT_CAUSE,
        more=lag.OF_COMPARISON,
    ),
    List(
        "exceptions/aging",
        WireAging,
        "Open exceptions by age, facility, reason, supplier and whose move it is.",
        _aging,
        WITHOUT_HANDOFF,
        "bounds",
    ),
    List("kpis", WireKpi, "KPIs with their written definitions.", _kpis, WITHOUT_HANDOFF),
    List("views", WireView, "The ready views, with what each holds.", _views, WITHOUT_HANDOFF),
    *[List(f"views/{v.key}", WireViewItem, v.text, partial(_view, v.key), WITHOUT_HANDOFF, paged=True) for v in VIEWS],
    List("objectives", WireObjective, "Objectives: budgets and burn rates.", _objectives, WITHOUT_CAUSE),
    List("journeys/lag", WireJourneyLag, "Median days between milestones.", _journey_lags, WITHOUT_HANDOFF),
    List("findings", WireFinding, "Data-quality findings, by kind.", _findings, WITHOUT_HANDOFF, "window"),
    List(
        "findings/examples",
        WireFindingExample,
        "Some events behind each data-quality finding.",
        _finding_examples,
        WITHOUT_HANDOFF,
        "window",
    ),
    List("models", WireModelVersion, "Versions of the journey models, and what each changed.", _models, ()),
    List("alerts", WireAlert, "Alerts, the latest change first.", _alerts, (), "state", paged=True, of_any=False),
    List(
        "integrations",
        WireIntegration,
        "Integrations: what is expected, when they were last heard, and their health in a window.",
        lambda s, q: whole(s.telemetry.integrations(q.filters.as_of, parse_window(q.window))),
        (),
        "window",
    ),
    List(
        "integrations/arrivals",
        WireArrivals,
        "What arrived from each integration, hour by hour of the last day.",
        lambda s, q: whole(hour for hours in s.telemetry.arrivals(q.filters.as_of).values() for hour in hours),
        (),
    ),
)

router = APIRouter(prefix=API_PREFIX, responses=ERRORS)
for listing in LISTS:
    listing.add_to(router)
