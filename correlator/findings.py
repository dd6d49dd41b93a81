"""Data-quality findings: what the facts say that cannot be, or hardly can, counted for each integration.

Each kind is one query over the facts received in a window before `as_of` (`sql/findings_<kind>.sql`), one entry in
KINDS, and a line in docs/operations.md. Nothing is corrected and nothing is hidden: a finding leads to its events.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.handoffs import promise_values
from correlator.hours import hours_of_day
from correlator.links import MOST_PAIRS
from correlator.model import JourneyModel
from correlator.orders import followers, orders

WINDOWS: Mapping[str, timedelta] = {
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "365d": timedelta(days=365),
}
DEFAULT_WINDOW = "30d"
DIMENSIONS = ("facility", "supplier", "spend_category", "department", "criticality")
SKEW = timedelta(minutes=5)  # clocks that are kept differ by less: Kerberos refuses more (RFC 4120, section 8.2)
ANCIENT = datetime(
    2000, 1, 1, tzinfo=UTC
)  # business hours begin here (slo.calendars): nothing before it can be measured
GRACE = timedelta(days=7)  # until an object without an anchor is a finding; links come with the next document
# A suspicion: three standard errors (1 in 700 by chance), which takes nine dates or more; half as many again for as
# against; and as many events as make 3 of 4 significant.
LEAST_Z, LEAST_RATIO, LEAST_DISCORDANT = 3.0, 1.5, 30
LEAST_EVENTS, LEAST_SPREAD, NEAR_SHARE = 50, 12, 0.8


@dataclass(frozen=True)
class Kind:
    """A kind of finding: its title, what is counted, and whether it is certain or suspected from many events."""

    title: str
    meaning: str
    suspected: bool = False


KINDS: Mapping[str, Kind] = {
    "impossible_order": Kind(
        "Impossible order", "Steps of an object before every step that must come before them by the model."
    ),
    "day_month_swap": Kind(
        "Day and month exchanged?",
        "Events whose dates make more sense with day and month exchanged: by weekdays, by the order of steps, or by "
        "arrival.",
        suspected=True,
    ),
    "time_zone": Kind(
        "Wrong time zone?",
        "Events that stand a whole number of hours off their arrival, or off the step before at another integration.",
        suspected=True,
    ),
    "future_time": Kind(
        "Ahead of its arrival", "Events that had not happened yet when they arrived, by over 5 minutes."
    ),
    "ancient_time": Kind("Ancient time", "Events of before 2000, where business hours begin."),
    "refused_time": Kind("Refused for its time", "Records in quarantine for a time that cannot be, too old or ahead."),
    "conflicting_duplicate": Kind(
        "Told again with other content", "Events whose id came again with other content; the first version holds."
    ),
    "unknown_facility": Kind("Unknown facility", "Events that name a facility which the registry does not have."),
    "unknown_supplier": Kind(
        "Unknown supplier", "Events that name a supplier of which nothing was ever told, where suppliers are told of."
    ),
    "orphan_object": Kind("Only ever named", "Objects that events name, of which no event or description tells."),
    "unread_promise": Kind(
        "Promised for no readable time",
        "Events whose promised time is no date or time as 2026-03-06 or 2026-03-06T14:00:00Z: it counts for nothing,"
        " and the target holds.",
    ),
    "too_many_pairs": Kind(
        "Names too many objects",
        "Events that name too many objects of two types to say which belong together (over 2,000 pairs) and link none.",
    ),
    "other_type": Kind(
        "The same, but of another type",
        "Statements that two objects are the same (object.same_as) which are of different types, and so join nothing.",
    ),
    "no_anchor": Kind(
        "No anchor",
        "Objects that come with or after an anchor and have none in any model after 7 days; non-PO invoices need none.",
    ),
}


@dataclass(frozen=True)
class Example:
    """One event behind a finding, and the object to look at; `event_id` is empty for a record in quarantine."""

    kind: str
    integration: str
    occurred_at: datetime
    event_id: str
    event_type: str
    object: ObjectRef | None
    note: str


@dataclass(frozen=True)
class Finding:
    """One kind at one integration: `found` of `checked` (0: not counted), in words, with up to five examples.

    `figures` are what a suspicion rests on; `hours`, of a suspected time zone, how many of the integration's events
    occurred in each hour of the day, by the facilities' clocks, from midnight on.
    """

    kind: str
    title: str
    integration: str
    suspected: bool
    found: int
    checked: int
    summary: str
    figures: Mapping[str, float] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    hours: tuple[int, ...] = ()


def parse_window(text: str | None) -> str:
    """Return the window that `text` names; 30 days where it is empty. Raises MisuseError."""
    if text and text not in WINDOWS:
        message = f"{text[:40]!r} is not a window: take one of {', '.join(WINDOWS)}"
        raise MisuseError(message)
    return text or DEFAULT_WINDOW


def trials_against(figures: Mapping[str, float]) -> list[str]:
    """Return which trials say that day and month are exchanged: "weekend", "order", "arrival".

    A rhythm of weekend work is no sign: where days above 12 tell the rhythm, weekends must be more than in those.
    """
    found = []
    for trial in ("weekend", "order", "arrival"):
        now, then = figures[f"{trial}_now"], figures[f"{trial}_then"]
        clear = now + then >= LEAST_DISCORDANT and now >= LEAST_RATIO * then and figures[f"{trial}_z"] >= LEAST_Z
        rhythm = figures["fixed_weekend_share"] if figures["fixed"] >= LEAST_DISCORDANT else 0.0
        if clear and (trial != "weekend" or figures["weekend_share"] > LEAST_RATIO * rhythm):
            found.append(trial)
    return found


class Findings:
    """Answers for every `as_of`, over what was received in a window before it."""

    def __init__(self, database: Database, models: Iterable[JourneyModel]) -> None:
        """`models` say which step must come before which, and which types of objects are expected to speak."""
        self._database, models = database, tuple(models)
        self._bound: dict[str, Any] = {
            "orders": _orders_of(models),
            "types": sorted({kind for model in models for kind in model.objects}),
            "followers": [(model.model, kind) for model in models for kind in followers(model)],
            "anchors": [(model.model, model.anchor) for model in models],
            "attachments": sorted({pair for model in models for pair in model.attachments}),
            "most_pairs": MOST_PAIRS,
            "promised": sorted({(on, attribute) for model in models for _, on, attribute, _ in promise_values(model)}),
            "skew": int(SKEW.total_seconds()),
            "ancient": ANCIENT,
            "grace": int(GRACE.total_seconds()),
            "near_share": NEAR_SHARE,
            "least_events": LEAST_EVENTS,
            "least_spread": LEAST_SPREAD,
        }

    def all(
        self, filters: Filters, window: str = DEFAULT_WINDOW, *, kinds: Iterable[str] = tuple(KINDS)
    ) -> list[Finding]:
        """Return the findings, by kind in the order of KINDS and then by how many. Raises MisuseError for a bad window.

        `filters.handoff` and `filters.cause` do not apply.
        """
        since = filters.as_of - WINDOWS[parse_window(window)]
        found = [finding for kind in kinds for finding in self._of_kind(kind, filters, since)]
        places = list(KINDS)
        return sorted(found, key=lambda each: (places.index(each.kind), -each.found, each.integration))

    def examples(self, filters: Filters, window: str = DEFAULT_WINDOW) -> list[Example]:
        """Return the examples of all findings, in their order."""
        return [example for finding in self.all(filters, window) for example in finding.examples]

    def _of_kind(self, kind: str, filters: Filters, since: datetime) -> list[Finding]:
        values = filters.parameters() | self._bound
        filtered = any(getattr(filters, name) for name in DIMENSIONS)
        statement = sql("correlator", f"findings_{kind}")
        rows = self._database.rows(statement, **values, since=since, filtered=filtered)
        if kind == "day_month_swap":
            rows = [row for row in rows if trials_against(row["figures"])]
        hours: dict[str, tuple[int, ...]] = {}
        if kind == "time_zone" and rows:
            suspects = [row["integration"] for row in rows]
            told = self._database.rows(
                sql("correlator", "findings_hours"), **values, since=since, integrations=suspects
            )
            hours = hours_of_day(told)
        return [_finding(kind, row, hours.get(row["integration"], ())) for row in rows]


def _orders_of(models: Iterable[JourneyModel]) -> list[tuple[str, list[str], str, list[str]]]:
    """Return the orders of all models as bound values: two models that promise the same must not count it twice."""
    flows: dict[tuple[str, tuple[str, ...], str], set[str]] = {}
    for order in (order for model in models for order in orders(model)):
        flows.setdefault((order.on, order.befores, order.after), set()).update(order.flows)
    return [(on, list(befores), after, sorted(known)) for (on, befores, after), known in flows.items()]


def _finding(kind: str, row: dict[str, Any], hours: tuple[int, ...]) -> Finding:
    known = KINDS[kind]
    return Finding(
        kind=kind,
        title=known.title,
        integration=row["integration"],
        suspected=known.suspected,
        found=row["found"],
        checked=row["checked"],
        summary=_summary(kind, row),
        figures=row["figures"],
        examples=tuple(_example(kind, row["integration"], each) for each in row["examples"]),
        hours=hours,
    )


def _example(kind: str, integration: str, told: Any) -> Example:
    at, event_id, event_type, object_type, object_id, note = told.values() if isinstance(told, dict) else told
    ref = ObjectRef(object_type, object_id) if object_type else None
    return Example(kind, integration, at, event_id, event_type, ref, note)


def _summary(kind: str, row: dict[str, Any]) -> str:
    figures, found = row["figures"], row["found"]
    if kind == "day_month_swap":
        return "; ".join(_trial(trial, figures) for trial in trials_against(figures))
    if kind == "time_zone":
        beside = "their arrival" if figures["arrival"] else "the step before"
        side = "before" if (figures["hours"] > 0) == bool(figures["arrival"]) else "after"
        return f"{found:,} of {row['checked']:,} events stand {abs(figures['hours']):.0f} h {side} {beside}"
    if "values" in figures:
        return f"{figures['values']:,.0f} unknown names in {found:,} of {row['checked']:,} events that name one"
    if "versions" in figures:
        return f"{figures['versions']:,.0f} further versions of {found:,} events"
    return f"{found:,} of {row['checked']:,}" if row["checked"] else f"{found:,}"


def _trial(trial: str, figures: Mapping[str, float]) -> str:
    what = {"weekend": "fall on a weekend", "order": "are out of order", "arrival": "are weeks off their arrival"}[
        trial
    ]
    now, then = figures[f"{trial}_now"], figures[f"{trial}_then"]
    return f"{now:,.0f} {what} as told and would not if exchanged, {then:,.0f} the other way"
