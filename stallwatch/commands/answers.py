"""Commands that answer: stalls, journeys, lag, kpis."""

from typing import Annotated

import typer

from core.vocabulary import ObjectRef
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    Chosen,
    ConfigFile,
    DataDir,
    Limit,
    filters_of,
    house_to_ask,
    instant,
    money,
    print_json,
    print_table,
    settings_of,
    span_of,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (stalls, journeys, lag, kpis):
        app.command()(command)


def stalls(
    facility: Chosen = None,
    supplier: Chosen = None,
    criticality: Chosen = None,
    handoff: Chosen = None,
    cause: Chosen = None,
    groups: Annotated[bool, typer.Option("--groups", help="One row a cause instead of one a stall.")] = False,
    as_of: AsOf = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """List what is stalled, the longest overdue first."""
    with house_to_ask(settings_of(data_dir, config)) as house:
        filters = filters_of(
            as_of,
            house.clock,
            facility=facility,
            supplier=supplier,
            criticality=criticality,
            handoff=handoff,
            cause=cause,
        )
        if groups:
            found = house.stalls.groups(filters)
            if as_json:
                print_json(found)
                return
            rows = [(g.summary, str(g.count), money(g.amounts), f"{g.since:%Y-%m-%d %H:%M}", g.owner) for g in found]
            print_table(
                "Stalled, by cause", ("cause", "stalls", "amount", "since (UTC)", "whose move"), rows, empty=NONE
            )
            return
        page = house.stalls.page(filters, limit=limit)
    if as_json:
        print_json({"items": page.items, "total": page.total, "as_of": filters.as_of})
        return
    listed = [
        (
            str(stall.object),
            stall.handoff_title,
            stall.facility,
            money({stall.currency: stall.amount} if stall.amount is not None else {}),
            span_of(stall.overdue_seconds),
            stall.cause.summary,
            stall.owner,
        )
        for stall in page.items
    ]
    title = f"{page.total:,} stalled as of {filters.as_of:%Y-%m-%d %H:%M} UTC"
    print_table(
        title, ("object", "handoff", "facility", "amount", "overdue", "cause", "whose move"), listed, empty=NONE
    )


NONE = "Nothing is stalled among the handoffs that are known."


def journeys(
    root: Annotated[str | None, typer.Argument(help="One journey, as type:id.", show_default=False)] = None,
    facility: Chosen = None,
    handoff: Chosen = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """List journeys, the newest first; or show one, with its timeline."""
    with house_to_ask(settings_of(data_dir, config)) as house:
        if root:
            journey = house.journeys.journey(ObjectRef.parse(root), instant(as_of) if as_of else house.clock.now())
            if as_json:
                print_json(journey)
                return
            entries = [
                (f"{e.at:%Y-%m-%d %H:%M}", e.title, str(e.object or ""), e.integration, "error" if e.error else "")
                for e in journey.timeline
            ]
            title = f"{journey.title} {journey.header.root.id}"
            print_table(
                title, ("when (UTC)", "what", "object", "integration", ""), entries, empty="Nothing happened yet."
            )
            return
        page = house.journeys.page(filters_of(as_of, house.clock, facility=facility, handoff=handoff), limit=limit)
    if as_json:
        print_json({"items": page.items, "total": page.total})
        return
    rows = [
        (
            str(header.root),
            "provisional" if header.provisional else header.flow_type,
            header.facility,
            money({header.currency: header.amount} if header.amount is not None else {}),
            str(header.objects),
            f"{header.last_event_at:%Y-%m-%d %H:%M}" if header.last_event_at else "—",
        )
        for header in page.items
    ]
    columns = ("journey", "flow", "facility", "amount", "objects", "last event (UTC)")
    print_table(f"{page.total:,} journeys", columns, rows, empty="There are no journeys yet.")


def lag(
    facility: Chosen = None,
    handoff: Chosen = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show lag per facility and handoff: finished items alone, and honestly with those still open."""
    with house_to_ask(settings_of(data_dir, config)) as house:
        found = house.lag.by_facility(filters_of(as_of, house.clock, facility=facility, handoff=handoff))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            row.keys["facility"] or "—",
            row.keys["handoff"],
            str(row.open),
            str(row.closed),
            _hours(row.closed_only_p50),
            _identified(row.censor_aware_p50, row.at_least_p50),
            _hours(row.closed_only_p90),
            _identified(row.censor_aware_p90, row.at_least_p90),
        )
        for row in found
    ]
    columns = ("facility", "handoff", "open", "closed", "p50 closed only", "p50 all", "p90 closed only", "p90 all")
    print_table("Lag in hours", columns, rows, empty="There are no handoffs yet.")


def _hours(seconds: float | None) -> str:
    return "—" if seconds is None else f"{seconds / 3600:,.1f}"


def _identified(seconds: float | None, at_least: float | None) -> str:
    """Return a percentile, or its lower bound where the open items do not let us know it yet."""
    return _hours(seconds) if seconds is not None else "—" if at_least is None else f"≥ {_hours(at_least)}"


def kpis(
    facility: Chosen = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show the KPIs with their definitions."""
    with house_to_ask(settings_of(data_dir, config)) as house:
        found = house.kpis.all(filters_of(as_of, house.clock, facility=facility))
    if as_json:
        print_json(found)
        return
    rows = [(kpi.title, "—" if kpi.value is None else f"{kpi.value:,.2f} {kpi.unit}", kpi.definition) for kpi in found]
    print_table("KPIs", ("KPI", "value", "definition"), rows, empty="There are no KPIs.")
