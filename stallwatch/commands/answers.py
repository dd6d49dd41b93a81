"""Commands that answer: stalls, journeys, findings. Lag and KPIs have modules of their own."""

from datetime import datetime
from typing import Annotated

import typer

from core.errors import MisuseError
from core.paging import Page
from core.vocabulary import ObjectRef
from correlator.findings import DEFAULT_WINDOW, Finding, parse_window
from correlator.journeys import Journey, JourneyHeader
from correlator.stalls import Stall, StallGroup
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    Chosen,
    ConfigFile,
    DataDir,
    Limit,
    amounts_of,
    answer_of,
    filters_asked,
    house_to_ask,
    instant_of,
    is_empty,
    minute,
    print_json,
    print_table,
    settings_of,
)
from web.words import NOTHING, money, span

NO_STALLS = "Nothing is stalled among the handoffs that are known."


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (stalls, journeys, findings):
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
    chosen = {"supplier": supplier, "criticality": criticality, "handoff": handoff, "cause": cause}
    with house_to_ask(settings_of(data_dir, config)) as house:
        filters = filters_asked(house, as_of, facility, **chosen)
        if not as_json and is_empty(house):
            return
        if groups:
            _show_groups(house.stalls.groups(filters), filters.as_of, as_json=as_json)
        else:
            _show_stalls(house.stalls.page(filters, limit=limit), filters.as_of, as_json=as_json)


def _show_groups(found: list[StallGroup], as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(found, as_of))
        return
    rows = [
        (g.summary, f"{g.count:,}", f"{g.journeys:,}", amounts_of(g.amounts), minute(g.since), g.owner) for g in found
    ]
    columns = ("cause", "stalls", "journeys", "amount", "since (UTC)", "whose move")
    print_table("Stalled, by cause", columns, rows, empty=NO_STALLS)


def _show_stalls(page: Page[Stall], as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(page.items, as_of, total=page.total))
        return
    rows = [
        (
            str(stall.object),
            stall.handoff_title,
            stall.facility,
            money(stall.amount, stall.currency),
            span(stall.overdue_seconds),
            stall.cause.summary,
            "; ".join(map(str, stall.cause.evidence)),
            stall.owner,
        )
        for stall in page.items
    ]
    columns = ("object", "handoff", "facility", "amount", "overdue", "cause", "says what", "whose move")
    print_table(f"{page.total:,} stalled as of {minute(as_of)} UTC", columns, rows, empty=NO_STALLS)


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
    ref = ObjectRef.parse(root) if root else None
    if ref and (facility or handoff):
        message = "--facility and --handoff go with the list of journeys, not with one of them"
        raise MisuseError(message)
    with house_to_ask(settings_of(data_dir, config)) as house:
        if ref:
            at = instant_of(as_of, house.clock)
            _show_journey(house.journeys.journey(ref, at), at, as_json=as_json)
        else:
            filters = filters_asked(house, as_of, facility, handoff=handoff)
            if not as_json and is_empty(house):
                return
            _show_journeys(house.journeys.page(filters, limit=limit), filters.as_of, as_json=as_json)


def _show_journey(journey: Journey, as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(vars(journey) | {"as_of": as_of})
        return
    rows = [
        (minute(entry.at), entry.title, str(entry.object or ""), entry.integration, "error" if entry.error else "")
        for entry in journey.timeline
    ]
    columns = ("when (UTC)", "what", "object", "integration", "")
    print_table(f"{journey.title} {journey.header.root.id}", columns, rows, empty="Nothing happened yet.")


def _show_journeys(page: Page[JourneyHeader], as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(page.items, as_of, total=page.total))
        return
    rows = [
        (
            str(header.root),
            "provisional" if header.provisional else header.flow_type,
            header.facility,
            money(header.amount, header.currency),
            f"{header.objects:,}",
            minute(header.last_event_at),
        )
        for header in page.items
    ]
    columns = ("journey", "flow", "facility", "amount", "objects", "last event (UTC)")
    print_table(f"{page.total:,} journeys", columns, rows, empty="There are no journeys yet.")


def findings(
    facility: Chosen = None,
    supplier: Chosen = None,
    window: Annotated[str, typer.Option("--window", help="What was received in: 24h, 7d, 30d, 365d.")] = DEFAULT_WINDOW,
    examples: Annotated[bool, typer.Option("--examples", help="Some events behind each finding.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """List what integrations sent that cannot be, or hardly can: data quality."""
    chosen = parse_window(window)
    with house_to_ask(settings_of(data_dir, config)) as house:
        filters = filters_asked(house, as_of, facility, supplier=supplier)
        if not as_json and is_empty(house):
            return
        found = house.findings.all(filters, chosen)
    if as_json:
        print_json(answer_of(found, filters.as_of, window=chosen))
        return
    empty = f"Nothing was found in what was received in the {chosen} before {minute(filters.as_of)} UTC."
    show = _show_examples if examples else _show_findings
    show(found, empty)


def _show_findings(found: list[Finding], empty: str) -> None:
    rows = [
        (
            each.integration,
            each.title,
            f"{each.found:,}",
            f"{each.checked:,}" if each.checked else NOTHING,
            each.summary,
        )
        for each in found
    ]
    columns = ("integration", "finding", "found", "of", "what it rests on")
    print_table("Data quality", columns, rows, empty=empty)


def _show_examples(found: list[Finding], empty: str) -> None:
    rows = [
        (each.integration, finding.title, minute(each.occurred_at), each.event_type, str(each.object or ""), each.note)
        for finding in found
        for each in finding.examples
    ]
    columns = ("integration", "finding", "when (UTC)", "what", "object", "")
    print_table("Data quality: some events of each finding", columns, rows, empty=empty)
